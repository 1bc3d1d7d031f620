import { describe, expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { type ArnReach, matchesArn, matchesGlob } from '../../policy/match.ts';
import { parseTemplate, resolveTemplate } from '../../policy/variables.ts';

const nothing = createContext({ values: {} });
const glob = (text: string) => {
  const grammar = { variables: false, wildcards: true, where: 'test' };
  return resolveTemplate(parseTemplate(text, grammar), nothing) ?? [];
};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (StringLike)
test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['a*', 'a', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbcd', false],
  ['a?c', 'ac', false],
  ['a?c', 'abc', true],
  ['a?c', 'a😀c', true],
  ['A*', 'abc', false],
  ['[a].*', '[a].b', true],
  ['a.c', 'abc', false],
  ['*:*', 'a:b:c', true],
  ['a*', 'a\nb', true],
])('glob %j on %j is %j', (pattern, subject, expected) => {
  expect(matchesGlob(glob(pattern), subject)).toBe(expected);
});

test('a pattern of many stars is decided at once', () => {
  expect(matchesGlob(glob(`${'*a'.repeat(40)}b`), 'a'.repeat(4000))).toBe(false);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
describe('Resource', () => {
  const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket';
  test.each([
    ['1/test/object.jpg', true],
    ['1/2/test/object.jpg', true],
    ['1/2/test/3/object.jpg', true],
    ['1///test///object.jpg', true],
    ['1/test/.jpg', true],
    ['/test/object.jpg', true],
    ['1/test/', true],
    ['1-test/object.jpg', false],
    ['test/object.jpg', false],
    ['1/2/test.jpg', false],
  ])('bucket/*/test/* on %j is %j', (key, expected) => {
    expect(matchesArn(glob(`${bucket}/*/test/*`), `${bucket}/${key}`, 'finalStar')).toBe(expected);
  });

  test.each<[string, string, ArnReach, boolean]>([
    // a tenant id that begins with another
    ['arn:aws:s3:::data/acme/*', 'arn:aws:s3:::data/acme/x', 'closingStars', true],
    ['arn:aws:s3:::data/acme/*', 'arn:aws:s3:::data/acme-prod/x', 'closingStars', false],
    ['arn:aws:s3:::data/acme*', 'arn:aws:s3:::data/acme-prod/x', 'closingStars', true],
    ['arn:aws:s3:::data/acme/*', 'arn:aws:s3:::data/Acme/x', 'closingStars', false],
    ['arn:aws:s3::*:a', 'arn:aws:s3::1:2:a', 'segments', false],
    ['arn:aws:s3::1?2:a', 'arn:aws:s3::1:2:a', 'segments', false],
    // a key may hold colons
    ['arn:aws:s3:::data/acme/*', 'arn:aws:s3:::data/acme/a:b:c', 'segments', true],
    // "can expand to match beyond the colon boundaries"
    ['arn:aws:dynamodb:*:table/a', 'arn:aws:dynamodb:eu-west-1:111122223333:table/a', 'closingStars', true],
    ['arn:aws:dynamodb:*:table/a', 'arn:aws:dynamodb:eu-west-1:111122223333:table/a', 'finalStar', false],
    ['arn:aws:dynamodb:e*1:table/a', 'arn:aws:dynamodb:eu:1:table/a', 'closingStars', false],
    ['arn:aws:dynamodb:*', 'arn:aws:dynamodb:eu-west-1:111122223333:table/a', 'finalStar', true],
    ['arn:aws:dynamodb:*', 'arn:aws:dynamodb:eu-west-1:111122223333:table/a', 'segments', false],
    ['*', 'arn:aws:s3:::data/acme/x', 'finalStar', true],
    ['arn:aws:dynamodb:eu?west-1:*:table/a', 'arn:aws:dynamodb:eu:west-1:1:table/a', 'finalStar', false],
  ])('%s on %s within %s is %j', (pattern, arn, reach, expected) => {
    expect(matchesArn(glob(pattern), arn, reach)).toBe(expected);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (ARN operators)
test('ArnLike compares segment by segment where StringLike would run on', () => {
  const pattern = glob('arn:aws:someservice:*:111122223333:finance/*');
  const value = 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt';
  expect(matchesGlob(pattern, value)).toBe(true);
  expect(matchesArn(pattern, value, 'segments')).toBe(false);
});
