import { createServer } from 'node:http';
import net from 'node:net';
import { listen } from '../../local/listen.ts';

/** Somewhere that nobody has any business: an attacker's server, with its keys and its metadata on every path. */
export interface CanaryServer {
  readonly url: string;
  /** How often somebody came, even if only to connect. */
  visits(): number;
  close(): Promise<void>;
}

/** Starts one on loopback that serves this key set to whoever asks. */
export async function startCanaryServer(jwks: object): Promise<CanaryServer> {
  let visits = 0;
  let url = '';
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ ...jwks, issuer: url, jwks_uri: `${url}/jwks` }));
  });
  server.on('connection', () => {
    visits += 1;
  });
  const listening = await listen(server, 0, 'the canary');
  url = listening.url;
  return { ...listening, visits: () => visits };
}

/** The hosts outside loopback that somebody in this process has tried to connect to since the last call: none will do. */
export function watchForeignHosts(): () => readonly string[] {
  const connect = net.Socket.prototype.connect;
  let tried: string[] = [];
  net.Socket.prototype.connect = function watch(this: net.Socket, ...args: unknown[]) {
    const [first] = (Array.isArray(args[0]) ? args[0] : args) as [net.TcpNetConnectOpts];
    if (!/^(?:localhost|127\.0\.0\.1)$/.test(first.host ?? 'localhost')) tried.push(String(first.host));
    return Reflect.apply(connect, this, args);
  } as typeof connect;
  return () => {
    const seen = tried;
    tried = [];
    return seen;
  };
}
