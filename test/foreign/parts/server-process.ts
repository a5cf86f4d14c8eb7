import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { waitUntil } from '../../../scripts/embedded/wait-until.js'

export interface ServerProcess {
  port: number
  output: () => string
  end: () => Promise<void>
}

/** A port of loopback that is free now; for programs that do not choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Starts a server in the foreground and waits until its port answers. Throws with what it printed when it does not. */
export async function startServer(command: string, args: string[], port: number): Promise<ServerProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-20_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const gone = () => child.exitCode !== null || child.signalCode !== null
  const up = await waitUntil(async () => gone() || (await answers(port)) || undefined, 30_000)
  if (!up || gone()) {
    child.kill('SIGKILL')
    throw new Error(`${command} did not listen on ${port}:\n${text}`)
  }
  return { port, output: () => text, end: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await exited
  clearTimeout(hard)
}
