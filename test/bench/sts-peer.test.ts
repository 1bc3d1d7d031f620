import { expect, test } from 'vitest';
import { startStsPeer } from '../../bench/sts-peer.ts';
import { createRoleAssumer } from '../../functions/adapters/sts/role-assumer.ts';
import { startDeadline } from '../../functions/core/deadline.ts';
import { decideGrant } from '../../functions/core/grant/grant.ts';
import { secret } from '../../functions/core/secret.ts';
import { clock, sampleCaller, sampleProfile, sampleTenant } from '../functions/core/sample.ts';

test('the STS of the bench answers as what is measured takes it', async () => {
  const peer = await startStsPeer();
  const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  const assumer = createRoleAssumer({ region: 'us-east-1', credentials, endpoint: peer.url });
  const grant = decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), {}, clock);
  try {
    const vended = await assumer.assume(grant, secret('token'), startDeadline(1900));
    expect(vended.assumedRoleUser?.arn.endsWith(`/${grant.roleSessionName}`)).toBe(true);
  } finally {
    await peer.close();
  }
});
