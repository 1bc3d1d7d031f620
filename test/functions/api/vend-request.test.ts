import { describe, expect, it, test } from 'vitest';
import { parseVendRequest } from '../../../functions/api/vend-request.ts';
import type { VendingError } from '../../../functions/core/errors.ts';

const JSON_TYPE = 'application/json';

function refusalOf(body: string, contentType: string | undefined = JSON_TYPE): VendingError {
  try {
    parseVendRequest(body, contentType);
  } catch (error) {
    return error as VendingError;
  }
  throw new Error(`${body} is taken`);
}

describe('a request', () => {
  it('is what its body says', () => {
    const request = { profile: 'app', durationSeconds: 900, scope: { folder: 'a/' }, format: 'env' };
    expect(parseVendRequest(JSON.stringify(request), JSON_TYPE)).toEqual(request);
    expect(parseVendRequest('', undefined)).toEqual({});
  });

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json ; Charset=utf8; v=1',
    'application/json; v=1',
  ])('may come as %s', (contentType) => {
    expect(parseVendRequest('{}', contentType)).toEqual({});
  });

  test.each([
    '',
    'text/plain',
    'application/jsonp',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-8; charset=utf-7',
    'application/json; v=1; charset = "latin1"',
    'application/json; charset=utf-80',
    'application/json; charset=',
  ])('may not come as %j', (contentType) => {
    expect(refusalOf('{}', contentType).code).toBe('media_type_unsupported');
  });

  it('may have 16 KiB, in bytes', () => {
    const filled = (character: string, bytes: number) => {
      const rest = bytes - '{"profile":""}'.length;
      return `{"profile":"${character.repeat(rest / Buffer.byteLength(character))}"}`;
    };
    expect(refusalOf(filled('x', 16_384)).code).toBe('request_invalid');
    expect(refusalOf(filled('x', 16_385)).code).toBe('request_too_large');
    // Half as many characters, each of two bytes.
    expect(refusalOf(filled('ü', 16_384)).code).toBe('request_invalid');
    expect(refusalOf(filled('ü', 16_386)).code).toBe('request_too_large');
  });

  const NOT_TAKEN = 'the body is not JSON that is taken: ';
  const EXPECTED = '; expected profile, durationSeconds, scope, mfa, contexts, format';
  test.each([
    ['{"profile":"app","profile":"admin"}', `${NOT_TAKEN}a member stands twice`],
    ['{"scope":{"folder":"a","folder":"b"}}', `${NOT_TAKEN}a member stands twice`],
    [String.raw`{"pr\u006ffile":"admin"}`, `${NOT_TAKEN}a member name is escaped`],
    ['{"__proto__":{}}', `${NOT_TAKEN}a member is called __proto__`],
    ['{"scope":{"__proto__":{}}}', `${NOT_TAKEN}a member is called __proto__`],
    ['{"scope":'.repeat(17) + '}'.repeat(17), `${NOT_TAKEN}not JSON`],
    ['['.repeat(17) + ']'.repeat(17), `${NOT_TAKEN}nested too deep`],
    ['{"profile":eyJhbGciOi', `${NOT_TAKEN}not JSON`],
    ['\uFEFF{}', `${NOT_TAKEN}not JSON`],
    ['{"profil":"app"}', `unknown member profil${EXPECTED}`],
    ['{"tenantId":"a","role_arn":"b"}', `unknown member tenantId, role_arn${EXPECTED}`],
    ['{"eyJhbGciOi.eyJzdWIiOi.c2ln":1}', `unknown member${EXPECTED}`],
    [`{"profil":1,"${'x'.repeat(33)}":1}`, `unknown member${EXPECTED}`],
    ['{"größe":1}', `unknown member${EXPECTED}`],
    ['{"":1}', `unknown member${EXPECTED}`],
    ['{"a\tb":1}'.replace('\t', ' '), `unknown member${EXPECTED}`],
    ['{"durationSeconds":1e400}', 'durationSeconds: '],
    ['{"durationSeconds":"900"}', 'durationSeconds: '],
    ['{"profile":""}', 'profile: '],
    ['{"format":"xml"}', 'format: '],
    ['{"scope":{"a":["b"]}}', 'scope: '],
    ['{"scope":{"eyJhbGciOi":["b"]}}', 'scope: '],
    [
      '{"mfa":{"serialNumber":"eyJ","tokenCode":"123456"}}',
      'mfa.serialNumber: expected the ARN or serial number of an MFA device',
    ],
    ['{"mfa":{"serialNumber":"GAHT12345678","tokenCode":"eyJ"}}', 'mfa.tokenCode: expected six digits'],
    ['{"contexts":[{"providerArn":"eyJ","contextAssertion":"eyJhbGciOi"}]}', 'contexts.0.providerArn: '],
    ['{"mfa":{"serialNumber":"GAHT12345678","tokenCode":"123456","pin":1}}', 'mfa: unknown member pin'],
    ['[]', ''],
    ['null', ''],
  ])('is refused and not repeated: %s', (body, detail) => {
    const { code, message } = refusalOf(body);
    expect([code, message.slice(0, detail.length)]).toEqual(['request_invalid', detail]);
    expect(message).not.toMatch(/eyJ|xxx|xml/);
  });
});
