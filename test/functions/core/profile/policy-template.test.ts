import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../../functions/core/profile/policy-document.ts';
import {
  escapeForIam,
  type PolicyTemplate,
  parsePolicyTemplate,
  renderPolicy,
} from '../../../../functions/core/profile/policy-template.ts';
import { codeOf } from '../sample.ts';

const template = parsePolicyTemplate(
  {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'A', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/{{tenant.id}}/*' },
      {
        Sid: 'D',
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  },
  () => true,
);
const acme = new Map([['tenant.id', 'acme']]);

describe('a rendered policy', () => {
  test('is the document with its values in place', () => {
    expect(JSON.parse(renderPolicy(template, acme))).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'A', Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:aws:s3:::data/acme/*'] },
        {
          Sid: 'D',
          Effect: 'Deny',
          Action: 's3:*',
          Resource: ['*'],
          Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
        },
      ],
    } satisfies PolicyDocument);
  });

  // The second look, at the text as IAM will read it. Each of these is a template that parsing would have refused.
  const [allowed, denied] = template.statements;
  const forged = (changes: object): PolicyTemplate => ({
    bounds: [],
    statements: [{ ...allowed, ...changes } as never],
  });
  test.each<[string, PolicyTemplate, ReadonlyMap<string, string>]>([
    ['an empty tenant', template, new Map([['tenant.id', '']])],
    ['no tenant in the text', forged({ resources: [['arn:aws:s3:::data/*']] }), acme],
    [
      'a wildcard before the tenant',
      forged({ resources: [['arn:aws:s3:::data/*/', { placeholder: 'tenant.id' }, '/*']] }),
      acme,
    ],
    [
      'no delimiter behind it',
      forged({ resources: [['arn:aws:s3:::data/', { placeholder: 'tenant.id' }, '*']] }),
      acme,
    ],
    ['nothing that is allowed', { bounds: [], statements: [denied as never] }, acme],
    [
      'a variable',
      forged({ resources: [['arn:aws:s3:::data/', { placeholder: 'tenant.id' }, '/$', '{aws:username}']] }),
      acme,
    ],
    ['no statement at all', { bounds: [], statements: [] }, acme],
  ])('is refused with %s', (_what, wrong, values) => {
    expect(codeOf(() => renderPolicy(wrong, values))).toBe('policy_unrenderable');
  });
});

describe('a value in a policy', () => {
  test.each([
    ['acme', 'acme'],
    ['', ''],
    ['*', '${*}'],
    ['?', '${?}'],
    ['${aws:username}', '${$}{aws:username}'],
    ['${*}', '${$}{${*}}'],
    ["$&$1$`$'", "${$}&${$}1${$}`${$}'"],
    ['"}],"Effect":"Allow', '"}],"Effect":"Allow'],
    ['\\u002a', '\\u002a'],
    ['{{tenant.id}}', '{{tenant.id}}'],
    ['naïve', 'naïve'],
  ])('%j becomes %j', (value, escaped) => {
    expect(escapeForIam(value)).toBe(escaped);
  });

  test.each([
    ['a control character', 'a\u0000'],
    ['a newline', 'a\n'],
    ['a C1 control', 'a\u0085'],
    ['a no-break space', 'a\u00a0'],
    ['a soft hyphen', 'a\u00ad'],
    ['a zero-width space', 'a\u200b'],
    ['a right-to-left override', 'a\u202e'],
    ['a Cyrillic letter', 'а'],
    ['a combining accent', 'e\u0301'],
    ['an emoji', '🔑'],
    ['half of one', '\ud83d'],
  ])('%s is refused', (_what, value) => {
    expect(codeOf(() => escapeForIam(value))).toBe('policy_unrenderable');
  });
});
