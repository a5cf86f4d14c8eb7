// Plain CommonJS: Temporal loads it by path, in the worker and inside the workflow bundle.
const { DefaultFailureConverter } = require('@temporalio/common')

// Messages and stacks of failures are sealed by the payload codec like everything else.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
