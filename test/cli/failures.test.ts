import { describe, expect, it, test, vi } from 'vitest';
import { ENDPOINT, type RunOptions, runLatchkey } from './run-latchkey.ts';

const GET = ['tenant', 'get', 'acme'];
const SUSPEND = ['tenant', 'suspend', 'acme'];
const TENANT = { tenantId: 'acme', status: 'active', version: 1, holds: [] };

interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
}

/** Answers in turn, the last one for ever; 'lost' is a connection that breaks. */
function script(...answers: readonly (Answer | 'lost')[]): RunOptions['api'] {
  let count = 0;
  return () => {
    const answer = answers[Math.min(count, answers.length - 1)] ?? 'lost';
    count += 1;
    if (answer === 'lost')
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
    const { status, body = '', headers = {} } = answer;
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { status, code, detail: `about ${code}`, vendId: 'id-1', Code: code },
});
const fine: Answer = { status: 200, body: TENANT };

describe('an answer that is not a success', () => {
  test.each([
    [problem(400, 'request_invalid'), 3, 'about request_invalid (request_invalid)'],
    [problem(404, 'tenant_not_found'), 3, 'cure: `latchkey tenant list`'],
    [problem(409, 'write_conflict'), 3, 'cure: run the same command again'],
    [problem(412, 'precondition_failed'), 3, 'cure: read it again'],
    [problem(500, 'internal_error'), 4, 'vend id: id-1'],
    [problem(502, 'revocation_failed'), 4, 'about revocation_failed'],
    [
      {
        status: 403,
        body: { message: 'Missing Authentication Token' },
        headers: { 'x-amzn-requestid': 'id-2' },
      },
      3,
      'latchkey: Missing Authentication Token (HTTP 403)\n  cure: the AWS identity that signs needs',
    ],
    [{ status: 403, body: { Message: 'User: x is not authorized' } }, 3, 'User: x is not authorized'],
    [{ status: 404, body: '<html>' }, 3, 'latchkey: HTTP status 404 (HTTP 404)'],
    [{ status: 502, body: '' }, 4, 'HTTP status 502'],
    [{ status: 301, body: '', headers: { location: 'https://evil.example/' } }, 4, 'HTTP status 301'],
    [{ status: 400, body: { code: 'a\u001b[2J', detail: 'b\u009b2J' } }, 3, 'b\u{FFFD}2J (a\u{FFFD}[2J)'],
    [{ status: 400, body: { code: 1, detail: null, errors: [null, 'x', { pointer: 1 }] } }, 3, 'HTTP 400'],
  ] as const)('%j ends with %i', async (answer, code, text) => {
    const ran = await runLatchkey({ argv: GET, api: script(answer) });
    expect([ran.code, ran.stdout, ran.requests.length]).toEqual([code, '', 1]);
    expect(ran.stderr).toContain(text);
  });

  it('stands on stderr as it came, with --json', async () => {
    const answer = problem(404, 'tenant_not_found');
    const ran = await runLatchkey({ argv: [...GET, '--json'], api: script(answer) });
    expect([ran.code, ran.stdout, JSON.parse(ran.stderr)]).toEqual([3, '', answer.body]);
  });

  it('and has nothing in it, is told in our words also with --json', async () => {
    const ran = await runLatchkey({ argv: [...GET, '--json'], api: script({ status: 404 }) });
    expect(ran).toMatchObject({ code: 3, stdout: '', stderr: 'latchkey: HTTP status 404 (HTTP 404)\n' });
  });

  it('shows the place and the reason of each fault', async () => {
    const errors = [
      { pointer: '/profiles/0', detail: 'not a profile' },
      { pointer: '', detail: 'too little' },
    ];
    const body = { code: 'request_invalid', detail: 'no', errors };
    const ran = await runLatchkey({ argv: GET, api: script({ status: 400, body }) });
    expect(ran.stderr).toContain('\n  /profiles/0: not a profile\n  the body: too little\n');
  });

  test.each([
    ['issuer: audience: got none; claim: got none', ['got none', 'got none'], 'issuer: 2 members are wrong'],
    ['tenant acme: profiles.0: not a profile', ['not a profile'], 'tenant acme: 1 member is wrong'],
    [
      'got the member twice, expected it once',
      ['got the member twice, expected it once'],
      'the body: 1 member is wrong',
    ],
    ['something else', ['not a profile'], 'something else'],
  ])('says no fault twice: %s', async (detail, details, headline) => {
    const errors = details.map((each, index) => ({ pointer: `/${index}`, detail: each }));
    const body = { code: 'request_invalid', detail, errors };
    const { stderr } = await runLatchkey({ argv: GET, api: script({ status: 400, body }) });
    const faults = errors.map((fault) => `  ${fault.pointer}: ${fault.detail}\n`).join('');
    expect(stderr).toBe(`latchkey: ${headline} (request_invalid)\n${faults}`);
  });

  test.each([
    [401, 'token_bound', 'no key for DPoP'],
    [401, 'token_not_bound', 'no key for DPoP'],
    [401, 'proof_invalid', 'no key for DPoP'],
    [401, 'proof_nonce_required', 'no key for DPoP'],
    [401, 'token_replayed', 'need many'],
    [403, 'tenant_inactive', "ask the API's operator"],
    [415, 'media_type_unsupported', 'Content-Type'],
    [404, 'not_found', 'OperatorApiUrl, not ApiUrl?'],
    [403, 'signature_missing', 'OperatorApiUrl, not ApiUrl?'],
  ])('%i %s says what helps', async (status, code, cure) => {
    const { stderr } = await runLatchkey({ argv: GET, api: script(problem(status, code)) });
    expect(stderr.split('\n').find((line) => line.startsWith('  cure: '))).toContain(cure);
  });
});

describe('a success that is none of Latchkey', () => {
  it('is not shown', async () => {
    const ran = await runLatchkey({ argv: GET, api: script({ status: 200, body: '<html>' }) });
    expect([ran.code, ran.stdout, ran.requests.length]).toEqual([4, '', 1]);
    expect(ran.stderr).toContain("not as the operators' API of Latchkey does");
  });
});

describe('what passes', () => {
  test.each([
    ['a lost connection', 'lost'],
    ['429', problem(429, 'throttled')],
    ['503', problem(503, 'registry_unavailable')],
    ['504', { status: 504, body: { message: 'Endpoint request timed out' } }],
  ] as const)('is tried again: %s', async (_what, answer) => {
    const ran = await runLatchkey({ argv: SUSPEND, api: script(answer, answer, fine) });
    expect([ran.code, ran.requests.length, ran.stderr]).toEqual([0, 3, '']);
    const never = await runLatchkey({ argv: SUSPEND, api: script(answer) });
    expect([never.code, never.requests.length, never.stdout]).toEqual([4, 3, '']);
    // Full jitter: up to 1 s, then up to 2 s.
    expect(never.pauses).toHaveLength(2);
    expect(never.pauses[0]).toBeLessThanOrEqual(1000);
    expect(never.pauses[1]).toBeLessThanOrEqual(2000);
  });

  it('is waited for as long as the API asks', async () => {
    const throttled = problem(429, 'throttled', { 'retry-after': '7' });
    const { pauses } = await runLatchkey({ argv: GET, api: script(throttled, fine) });
    expect(pauses[0]).toBeGreaterThanOrEqual(7000);
    expect(pauses[0]).toBeLessThanOrEqual(8000);
  });

  it('is not waited for longer than a person would, but said', async () => {
    const full = problem(503, 'revocations_full', { 'retry-after': '300' });
    const ran = await runLatchkey({ argv: ['tenant', 'revoke', 'acme'], api: script(full) });
    expect([ran.code, ran.requests.length, ran.pauses]).toEqual([4, 1, []]);
    expect(ran.stderr).toContain('try again in 300 s');
  });

  const file = JSON.stringify({ ...TENANT, displayName: 'Acme' });
  test.each([
    ['If-Match', [...SUSPEND, '--if-match', '1']],
    ['If-None-Match', ['tenant', 'put', 'acme', '--create', '--display-name', 'A', '--profile', 'p']],
    ['a version in the body', ['tenant', 'put', 'acme', '--file', '-']],
  ])('is not tried again where it may have been done, with %s', async (_what, argv) => {
    for (const answer of ['lost', problem(503, 'events_unavailable')] as const) {
      const ran = await runLatchkey({ argv, api: script(answer, fine), stdin: file });
      expect([ran.code, ran.requests.length]).toEqual([4, 1]);
    }
    const throttled = await runLatchkey({ argv, api: script(problem(429, 'throttled'), fine), stdin: file });
    expect([throttled.code, throttled.requests.length]).toEqual([0, 2]);
  });
});

describe('the connection', () => {
  it('is named with what went wrong', async () => {
    const { stderr } = await runLatchkey({ argv: GET, api: script('lost') });
    const { host } = new URL(ENDPOINT);
    expect(stderr).toBe(`latchkey: ${host}: connect ECONNREFUSED 127.0.0.1:1\n`);
  });

  test.each([
    [GET, 30],
    [['tenant', 'verify', 'acme'], 60],
  ])('is given up after a while: %j after %i s', async (argv, seconds) => {
    const timeout = AbortSignal.timeout;
    const asked: number[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      asked.push(milliseconds);
      return timeout(1);
    });
    const api = ({ signal }: Request) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { code, stderr } = await runLatchkey({ argv, api }).finally(() => vi.restoreAllMocks());
    expect([code, asked]).toEqual([4, [seconds * 1000, seconds * 1000, seconds * 1000]]);
    expect(stderr).toContain(`no answer within ${seconds} s`);
  });
});

describe('AWS credentials', () => {
  it('that are not there are a matter of the user', async () => {
    const credentials = () => Promise.reject(new Error('Could not load credentials from any providers'));
    const ran = await runLatchkey({ argv: GET, api: script(fine), credentials });
    expect([ran.code, ran.requests]).toEqual([2, []]);
    expect(ran.stderr).toContain('no AWS credentials: Could not load credentials from any providers');
    expect(ran.stderr).toContain('AWS_PROFILE');
  });
});

describe('the endpoint', () => {
  const HOST = 'https://a1.execute-api.us-west-2.amazonaws.com';
  const CUSTOM = 'https://operators.example.com';
  test.each([
    [
      'option before variable',
      ['--endpoint', `${HOST}/prod`],
      { LATCHKEY_ENDPOINT: CUSTOM },
      HOST,
      'us-west-2',
    ],
    ['a slash at its end', ['--endpoint', `${HOST}/prod/`], {}, HOST, 'us-west-2'],
    [
      'China',
      [],
      { LATCHKEY_ENDPOINT: 'https://a1.execute-api.cn-north-1.amazonaws.com.cn' },
      '',
      'cn-north-1',
    ],
    ['--region before the name', ['--endpoint', HOST, '--region', 'eu-west-1'], {}, HOST, 'eu-west-1'],
    ['the name before AWS_REGION', ['--endpoint', HOST], { AWS_REGION: 'eu-west-1' }, HOST, 'us-west-2'],
    [
      'AWS_REGION',
      ['--endpoint', CUSTOM],
      { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'x' },
      CUSTOM,
      'eu-west-1',
    ],
    ['AWS_DEFAULT_REGION', ['--endpoint', CUSTOM], { AWS_DEFAULT_REGION: 'eu-west-3' }, CUSTOM, 'eu-west-3'],
    [
      'a name that only looks so',
      ['--endpoint', `${HOST}.evil.example`],
      { AWS_REGION: 'eu-west-1' },
      '',
      'eu-west-1',
    ],
    [
      'this machine',
      ['--endpoint', 'http://127.0.0.1:8792'],
      { AWS_REGION: 'eu-west-1' },
      'http://127',
      'eu-west-1',
    ],
  ])('is read: %s', async (_what, argv, env, start, region) => {
    let url = '';
    const api = (request: Request) => {
      url = request.url;
      return Response.json(TENANT);
    };
    const ran = await runLatchkey({ argv: [...SUSPEND, ...argv], api, env });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(url).toContain(start);
    expect(url).toMatch(/[^/]\/tenants\/acme\/suspend$/);
    expect(ran.requests[0]?.headers['authorization']).toContain(`/${region}/execute-api/aws4_request`);
  });

  test.each([
    ['none', {}, '--endpoint or LATCHKEY_ENDPOINT'],
    ['an empty one', { LATCHKEY_ENDPOINT: '' }, '--endpoint or LATCHKEY_ENDPOINT'],
    ['no URL', { LATCHKEY_ENDPOINT: 'a1.execute-api.us-west-2.amazonaws.com' }, 'expected a URL'],
    ['another protocol', { LATCHKEY_ENDPOINT: 'ftp://127.0.0.1' }, 'expected a URL'],
    ['a query', { LATCHKEY_ENDPOINT: `${HOST}/?x=1` }, 'expected a URL'],
    ['a password', { LATCHKEY_ENDPOINT: 'https://a:b@operators.example.com' }, 'expected a URL'],
    [
      'http elsewhere',
      { LATCHKEY_ENDPOINT: 'http://127.0.0.1.example.com', AWS_REGION: 'x' },
      'expected https',
    ],
    ['no Region', { LATCHKEY_ENDPOINT: CUSTOM }, 'expected --region or AWS_REGION'],
  ])('is refused: %s', async (_what, env, message) => {
    const ran = await runLatchkey({ argv: GET, api: script(fine), env });
    expect([ran.code, ran.stdout, ran.requests]).toEqual([2, '', []]);
    expect(ran.stderr).toContain(message);
  });
});
