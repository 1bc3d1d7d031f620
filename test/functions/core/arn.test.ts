import { expect, test } from 'vitest';
import { accountOf, ROLE_ARN, USER_ARN } from '../../../functions/core/arn.ts';

const IAM = 'arn:aws:iam::111122223333';

test.each<[string, isRole: boolean, isUser: boolean]>([
  [`${IAM}:role/path/name`, true, false],
  [`${IAM}:user/path/name`, false, true],
  ['arn:aws-cn:iam::111122223333:role/name', true, false],
  ['arn:aws-us-gov:iam::111122223333:user/name', false, true],
  ['arn:aws-iso:iam::111122223333:role/name', false, false],
  [`${IAM}:role/*`, false, false],
  [`${IAM}:user/\n`, false, false],
  [`x${IAM}:role/name`, false, false],
  [`${IAM}:group/name`, false, false],
])('%j', (arn, isRole, isUser) => {
  expect([ROLE_ARN.test(arn), USER_ARN.test(arn)]).toEqual([isRole, isUser]);
});

test.each([
  [`${IAM}:role/name`, '111122223333'],
  ['arn:aws:s3:::bucket', ''],
  ['nothing', undefined],
])('the account of %s', (arn, account) => {
  expect(accountOf(arn)).toBe(account);
});
