import { createServer, type IncomingMessage } from 'node:http';
import { listen } from './listen.ts';
import { createOpenIdProvider, type LocalClient, type LocalUser } from './openid-provider.ts';

/** OpenID providers on this machine, each under a path of one server. */
export interface LocalOpenId {
  /** The issuer URL by the path's name. */
  readonly issuers: ReadonlyMap<string, string>;
  readonly close: () => Promise<void>;
}

/** What the providers are started with. */
export interface LocalOpenIdOptions {
  readonly port: number;
  readonly audience: string;
  readonly scope: string;
  /** Path name → the clients of the issuer there. */
  readonly clients: ReadonlyMap<string, readonly LocalClient[]>;
  /** Path name → who may sign in there. */
  readonly users: ReadonlyMap<string, readonly LocalUser[]>;
}

/** Starts a provider per path: `http://127.0.0.1:8791/pool` and its like. */
export async function startOpenId({
  port,
  audience,
  scope,
  clients,
  users,
}: LocalOpenIdOptions): Promise<LocalOpenId> {
  const server = createServer();
  // Listening first: an issuer's URL holds the port, and a provider is made for its URL.
  const { url, close } = await listen(server, port, 'the OpenID provider');
  const issuers = new Map([...clients.keys()].map((name) => [name, `${url}/${name}`]));
  const handlers = new Map(
    await Promise.all(
      [...issuers].map(async ([name, issuer]) => {
        const provider = await createOpenIdProvider({
          issuer,
          audience,
          scope,
          clients: clients.get(name) ?? [],
          users: users.get(name) ?? [],
        });
        return [name, provider.callback()] as const;
      }),
    ),
  );
  server.on('request', (request: IncomingMessage & { originalUrl?: string; baseUrl?: string }, response) => {
    const [, name = '', rest = ''] = /^\/([^/?]+)(.*)$/.exec(request.url ?? '') ?? [];
    const handle = handlers.get(name);
    if (handle === undefined) {
      response.writeHead(404).end();
      return;
    }
    // As Express mounts a handler under a path: oidc-provider reads both to build its own URLs.
    request.originalUrl = request.url ?? '';
    request.baseUrl = `/${name}`;
    request.url = rest || '/';
    void handle(request, response);
  });
  return { issuers, close };
}
