import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { withoutSecrets } from '../../../../functions/adapters/sts/without-secrets.ts';
import { secret } from '../../../../functions/core/secret.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhY21lIiwiaWF0IjoxfQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const CODE = '123456';
const clean = (message: string, more: object = {}) =>
  withoutSecrets(Object.assign(new Error(message), { name: 'ValidationError', ...more }), [
    secret(TOKEN),
    secret(CODE),
  ]);

describe('an error for a cause', () => {
  test.each([
    ['the whole', `Value '${TOKEN}' at 'webIdentityToken'`],
    ['the header', TOKEN.slice(0, 20)],
    ['the middle, cut off on both sides', `…${TOKEN.slice(30, 46)}…`],
    ['the end', `x${TOKEN.slice(-16)}`],
    ['a short secret', `Value '${CODE}' at 'tokenCode'`],
    ['more than AWS ever says', 'x'.repeat(2049)],
  ])('has no message that repeats %s', (_what, message) => {
    expect(clean(message).message).toBe('left out: it repeats a part of a secret');
  });

  test.each(['', 'Rate exceeded', 'x'.repeat(2048), `coincidence: ${TOKEN.slice(30, 45)}`, '12345'])(
    'keeps a message that does not: %s',
    (message) => {
      expect(clean(message).message).toBe(message);
    },
  );

  it('keeps what tells one error from another, and nothing else', () => {
    const $metadata = { httpStatusCode: 400, requestId: 'r' };
    const cleaned = clean('x', { code: 'ECONNRESET', $metadata, $response: { body: TOKEN } });
    expect(cleaned).toBeInstanceOf(Error);
    expect(cleaned).toMatchObject({ name: 'ValidationError', code: 'ECONNRESET', $metadata });
    expect(inspect(cleaned, { showHidden: true, depth: null })).not.toContain(TOKEN);
  });

  it.each([undefined, null, 'text', { message: 1, name: 2, code: 3 }])('is made of %s, too', (thrown) => {
    expect(withoutSecrets(thrown, [])).toMatchObject({ name: 'Error', message: '' });
  });
});
