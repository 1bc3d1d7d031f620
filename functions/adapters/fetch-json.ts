import http from 'node:http';
import https from 'node:https';

/** Bounds on one download. */
export interface FetchJsonLimits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/**
 * The JSON at a URL. A redirect is an answer like any other that is not 200: refused. Over `node:https` and not
 * `fetch`, since loading fetch costs a cold start 45 ms, and since a body can be cut off at its limit here.
 */
export function fetchJson(url: URL, { milliseconds, bytes }: FetchJsonLimits): Promise<unknown> {
  const { get } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(milliseconds);
    const request = get(
      url,
      { headers: { accept: 'application/json, application/jwk-set+json' }, signal },
      (response) => {
        if (response.statusCode !== 200) {
          response.destroy();
          reject(new Error(`got status ${response.statusCode}, expected 200`));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > bytes) response.destroy(new Error(`got more than ${bytes} bytes`));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch {
            reject(new Error('got a body that is not JSON'));
          }
        });
      },
    );
    request.on('error', reject);
  });
}
