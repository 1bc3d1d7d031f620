import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Environment } from './environment.ts';

/*
 * The deployments of this repository. Before the first `npx cdk deploy latchkey-<name>`:
 *   - region, and account if it must be a certain one;
 *   - tenantData: { bucketArn, tableArn } of your own, or leave the sample to try things out;
 *   - customerRoleArns, if tenants have roles in accounts of their own;
 *   - apiGatewayLogRole: 'exists' where your account has set one already;
 *   - alarmTopicArn, if somebody is to hear of alarms;
 *   - sbt, if your control plane is made with the SaaS Builder Toolkit;
 *   - signingKeys, identityProviders and iamUsers, each for the methods of profiles that it says: none is on here.
 */

const dev: Environment = {
  name: 'dev',
  region: 'eu-central-1',
  retainData: false,
  logRetentionDays: RetentionDays.ONE_WEEK,
  throttle: { requestsPerSecond: 20, burst: 40 },
  memoryMegabytes: 1024,
  tenantData: 'sample',
  apiGatewayLogRole: 'create',
};

const staging: Environment = {
  ...dev,
  name: 'staging',
  logRetentionDays: RetentionDays.ONE_MONTH,
  throttle: { requestsPerSecond: 100, burst: 200 },
};

const prod: Environment = {
  ...dev,
  name: 'prod',
  retainData: true,
  logRetentionDays: RetentionDays.THIRTEEN_MONTHS,
  throttle: { requestsPerSecond: 400, burst: 800 },
  memoryMegabytes: 1769,
};

/** Every environment that can be synthesized and deployed. */
export const environments: readonly Environment[] = [dev, staging, prod];
