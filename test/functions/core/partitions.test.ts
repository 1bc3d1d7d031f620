import { expect, test } from 'vitest';
import { PARTITIONS, partitionOf } from '../../../functions/core/partitions.ts';

test.each([
  ['arn:aws:iam::111122223333:role/name', PARTITIONS.aws],
  ['arn:aws-cn:iam::111122223333:role/name', PARTITIONS['aws-cn']],
  ['arn:aws-us-gov:iam::111122223333:role/name', PARTITIONS['aws-us-gov']],
  ['arn:aws-iso:iam::111122223333:role/name', undefined],
  ['arn:constructor:iam::111122223333:role/name', undefined],
  ['', undefined],
])('the partition of %j', (arn, partition) => {
  expect(partitionOf(arn)).toBe(partition);
});
