import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { exitWith } from '../../local/exit-with.ts';
import { fetchToken } from '../../local/fetch-token.ts';
import { startLocal } from '../../local/start.ts';
import { loadProfileDefinitions } from '../../profiles/load.ts';
import type { PageOutcomes, PageSettings } from './page.ts';
import { servePage } from './serve-page.ts';

/** Debian's, and where others have it. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Nothing but the page and what it asks for on this machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** What the client must do in a browser. */
const EXPECTED: PageOutcomes = {
  fetched: 'acme',
  lasts: 'true',
  whoami: 'Acme Ltd',
  wrote: '200',
  read: 'from a browser',
  foreign: 'AccessDenied',
  foreignWrite: 'AccessDenied',
  badToken: 'token_invalid',
  tokenFile: 'options_invalid',
  cache: 'options_invalid',
  cacheDirectory: 'options_invalid',
  mfaProgram: 'options_invalid',
};

async function main(): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    const isDemanded = process.env['CI'] === 'true';
    const cure = 'apt-get install chromium, or CHROMIUM=<path>';
    console.log(`${isDemanded ? 'FAILED' : 'skipped'}: no Chromium at ${CHROMIUM}; ${cure}`);
    if (isDemanded) process.exitCode = 1;
    return;
  }
  await using started = new AsyncDisposableStack();
  const profileDefinitions = await loadProfileDefinitions();
  const auditLog = { record: () => {} };
  let s3 = '';
  const page = await servePage(() => s3);
  started.defer(page.close);
  const allowedOrigins = [page.url];
  const { facts, close } = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog,
    allowedOrigins,
    log: () => {},
  });
  started.defer(close);
  s3 = facts.s3;
  const { region, bucket } = facts;
  const token = await fetchToken(facts, 'acme');
  const outcomes = await runInBrowser(page.url, {
    endpoint: facts.api,
    s3: page.url,
    region,
    bucket,
    token,
  });
  report(outcomes);
}

async function runInBrowser(url: string, settings: PageSettings): Promise<PageOutcomes> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    console.log(`Chromium ${browser.version()}`);
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(url);
    return await page.evaluate((given) => globalThis.tryClient(given), settings);
  } finally {
    await browser.close();
  }
}

function report(outcomes: PageOutcomes): void {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const got = outcomes[name];
    const isRight = got === expected;
    console.log(isRight ? `ok      ${name}: ${got}` : `FAILED  ${name}: got ${got}, expected ${expected}`);
    if (!isRight) process.exitCode = 1;
  }
}

await main().catch(exitWith);
