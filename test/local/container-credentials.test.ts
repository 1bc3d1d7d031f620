import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchToken } from '../../local/fetch-token.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';

const run = promisify(execFile);
const APP = fileURLToPath(new URL('./container-credentials.mjs', import.meta.url));

let local: LocalLatchkey;
const audited: string[] = [];

beforeAll(async () => {
  local = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: {
      record: ({ operation, code }) => {
        if (operation === 'vend') audited.push(code);
      },
    },
    log: () => {},
  });
});
afterAll(() => local.close());

async function runApp(authorization: string): Promise<{ own: string; foreign: string }> {
  const { api, region, s3 } = local.facts;
  const env = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${api}/credentials/container`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_S3: s3,
    HOME: '/nonexistent',
  };
  const { stdout } = await run(process.execPath, [APP], { env });
  return JSON.parse(stdout);
}

it('an unmodified AWS SDK for JavaScript, given two variables, opens its tenant’s data and is refused another’s', async () => {
  const outcome = await runApp(`Bearer ${await fetchToken(local.facts, 'acme')}`);
  expect(outcome.own).toBe('Welcome, Acme Ltd.');
  expect(outcome.foreign).toMatch(/^AccessDenied: /);
  expect(audited).toEqual(['granted']);
});
