import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { build } from 'esbuild';
import { type Listening, listen } from '../../local/listen.ts';

/** Serves the page, and from its own origin S3, whose local door has no CORS: requests go on as they are, with the host that was signed. */
export async function servePage(s3: () => string): Promise<Listening> {
  const script = await bundlePage();
  const server = createServer((incoming, response) => {
    const { url = '/' } = incoming;
    if (url === '/')
      send(response, 'text/html', '<!doctype html><script type="module" src="/page.js"></script>');
    else if (url === '/page.js') send(response, 'text/javascript', script);
    else if (url === '/favicon.ico') response.writeHead(204).end();
    else forward(incoming, response, s3() + url);
  });
  return listen(server, 0, 'the page');
}

/** As a bundler does it by itself: a setting or a polyfill that it took would be one that every app must find out about. */
async function bundlePage(): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: ['test/browser/page.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  if (warnings.length > 0) throw new Error(`got ${warnings.length} warnings from esbuild, expected none`);
  return outputFiles[0]?.text ?? '';
}

function send(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'Content-Type': contentType }).end(body);
}

function forward(incoming: IncomingMessage, response: ServerResponse, url: string): void {
  const { method, headers } = incoming;
  const outgoing = request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}
