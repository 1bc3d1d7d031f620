import { expect, test } from 'vitest';
import { assumeRoleInput } from '../../bench/acme.ts';
import { createBareSts } from '../../bench/bare-sts.ts';
import { VEND_ROLE_ARN } from '../../local/account.ts';
import { startLocalAws } from '../../local/start-aws.ts';

test('the floor that a vend is measured against is a signed AssumeRole that STS takes', async () => {
  const clock = () => new Date();
  const refused: string[] = [];
  const aws = await startLocalAws({ portOf: () => 0, clock, log: (message) => refused.push(message) });
  const credentials = aws.executionCredentials(VEND_ROLE_ARN);
  const bareSts = createBareSts({ region: 'us-east-1', credentials, endpoint: aws.urls.sts });
  try {
    expect(await bareSts.assumeRole(assumeRoleInput)).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(refused).toEqual([]);
  } finally {
    bareSts.close();
    await aws.close();
  }
});
