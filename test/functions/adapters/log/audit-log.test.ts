import { expect, it } from 'vitest';
import { createAuditLog } from '../../../../functions/adapters/log/audit-log.ts';
import type { AuditEvent } from '../../../../functions/core/audit-event.ts';

const event: AuditEvent = { operation: 'vend', code: 'granted', vendId: 'v-1', milliseconds: 1 };

function record(changes: Partial<AuditEvent>): { level: string; line: string } {
  const lines: { level: string; line: string }[] = [];
  const write = (level: string) => (_message: unknown, extra: unknown) =>
    void lines.push({ level, line: JSON.stringify(extra) });
  createAuditLog({ info: write('info'), warn: write('warn') } as never).record({ ...event, ...changes });
  expect(lines).toHaveLength(1);
  return lines[0] ?? { level: '', line: '' };
}

it('writes what was granted as information, and the rest as warnings', () => {
  expect(record({})).toEqual({ level: 'info', line: JSON.stringify({ audit: event }) });
  expect(record({ code: 'token_expired' }).level).toBe('warn');
});

it('says of an error of AWS what AWS said', () => {
  const cause = Object.assign(new Error('not authorized to perform: sts:TagSession'), {
    name: 'AccessDenied',
    $metadata: {},
  });
  expect(record({ code: 'tag_session_denied', cause }).line).toContain(
    '"cause":{"name":"AccessDenied","message":"not authorized to perform: sts:TagSession"}',
  );
});

it('leaves out what was signed when AWS refuses a signature', () => {
  const refused = 'The request signature we calculated does not match the signature you provided.';
  for (const quoted of [
    "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:a-token'",
    "The String-to-Sign should have been\n'AWS4-HMAC-SHA256 a-token'",
  ]) {
    const cause = Object.assign(new Error(`${refused} Consult the documentation.\n\n${quoted}\n`), {
      name: 'SignatureDoesNotMatch',
      $metadata: {},
    });
    const { line } = record({ code: 'sts_rejected', cause });
    expect(line).toContain(`"message":"${refused} Consult the documentation."}`);
  }
});

it('says of our own refusals why', () => {
  expect(record({ code: 'token_invalid', cause: 'iat is in the future' }).line).toContain(
    '"cause":"iat is in the future"',
  );
});

it('repeats no message that may quote a secret', () => {
  let cause: unknown;
  try {
    JSON.parse('eyJhbGciOi.secret');
  } catch (error) {
    cause = error;
  }
  expect(String(cause)).toContain('eyJhbGciOi');
  const { line } = record({ code: 'internal_error', cause });
  expect(line).toContain('"name":"SyntaxError"');
  expect(line).toContain('audit-log.test.ts');
  expect(line).not.toContain('eyJhbGciOi');
});
