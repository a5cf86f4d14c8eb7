import type { Express } from 'express'
import { readActivitySettings } from '../db/stores/settings.js'
import type { Services } from './services.js'

const htmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The page at the root: sign in, and where to go from here. Its script is a file of our own, so the strict policy holds. */
export function mountWelcome(app: Express, services: Services): void {
  app.get('/', async (_req, res) => {
    // The page is there without the database; the banner then is not.
    const banner = await readActivitySettings(services.database.db).then(
      ({ login_banner }) => login_banner,
      () => null,
    )
    res.type('html').send(welcomePage(services.config.temporal.ui_url, banner))
  })
  app.get('/welcome.js', (_req, res) => {
    res.type('application/javascript; charset=utf-8').send(SCRIPT)
  })
}

function welcomePage(temporal_ui: string | undefined, login_banner: string | null): string {
  const banner = login_banner ? `<p id="banner">${htmlText(login_banner)}</p>` : ''
  const web = temporal_ui
    ? `<li><a href="${htmlText(temporal_ui)}">Temporal Web</a>: each job as a story. Its payloads are sealed: sign in here as auditor or admin, then in its data encoder settings (the glasses) choose “Use my browser setting”, keep the endpoint that ends in /codec, and switch on “Include cross-origin credentials”.</li>`
    : ''
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dell Server Manager</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:40rem;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:.6rem 0}input{font:inherit;width:100%;padding:.3rem;box-sizing:border-box}button{font:inherit;padding:.4rem 1rem}#banner{white-space:pre-line;border:1px solid;padding:.5rem}</style></head>
<body><main><h1>Dell Server Manager</h1>${banner}
<form id="sign-in"><label>User name <input name="username" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button> <span id="answer" role="status"></span></form>
<ul><li><a href="/api/docs">REST API</a>, and its document <a href="/api/v1/openapi.json">openapi.json</a></li>${web}
<li><a href="/readyz">What is ready</a></li></ul></main><script src="/welcome.js" defer></script></body></html>`
}

const SCRIPT = `const form = document.getElementById('sign-in')
const answer = document.getElementById('answer')
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const body = JSON.stringify(Object.fromEntries(new FormData(form)))
  const response = await fetch('/api/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const text = await response.json()
  answer.textContent = response.ok ? 'Signed in as ' + text.user.username + ' (' + text.user.roles.join(', ') + ').' : text.detail
})
`
