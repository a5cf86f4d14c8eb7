/** A child that has ended meanwhile cannot be told anything, and need not be: its end is its answer. */
export function ifOpen(sent: Promise<void>): void {
  sent.catch(() => {})
}
