import { exportLines } from '../functions/core/grant/credential-forms.ts';
import { ACCOUNT, DATA_BUCKET, DATA_TABLE, DEAD_LETTER_QUEUE, REGION } from './account.ts';
import type { MfaDevice } from './authenticator.ts';
import { DEVICE_CLIENT_ID } from './openid-provider.ts';
import { AUDIENCE, providerOf, SCOPE, userOf } from './sample-clients.ts';
import { NEWCOMER, SAMPLE_TENANTS, type SampleTenant } from './sample-tenants.ts';
import type { Service } from './services.ts';
import type { LocalAws } from './start-aws.ts';
import type { LocalOpenId } from './start-openid.ts';
import { mfaDeviceOf } from './users.ts';

/** What runs where: the answer of `GET /local`, for scripts. */
export interface LocalFacts extends Readonly<Record<Service, string>> {
  readonly api: string;
  readonly operatorApi: string;
  /** The issuer that acme and globex share. */
  readonly issuer: string;
  readonly region: string;
  readonly bucket: string;
  readonly table: string;
  readonly eventBus: string;
  readonly deadLetterQueueArn: string;
  readonly tenants: readonly LocalTenantFacts[];
  /** Who has a client at the shared issuer and is no tenant yet. */
  readonly newcomer: LocalTenantFacts;
}

/** How to get a token for a sample tenant. */
export interface LocalTenantFacts {
  readonly tenantId: string;
  /** Where its people and its machines sign in: `latchkey login --issuer`. */
  readonly issuer: string;
  /** Who signs in for it with the device flow, as the client `deviceClientId`. */
  readonly user: string;
  readonly deviceClientId: string;
  /** Of its machines. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenEndpoint: string;
  readonly scope: string;
  readonly resource: string;
  /** Of its IAM user, with the base32 secret for an authenticator app; undefined for a tenant without one. */
  readonly mfaDevice?: MfaDevice | undefined;
}

/** What has started. */
export interface Started {
  readonly api: string;
  readonly operatorApi: string;
  readonly aws: LocalAws;
  readonly openid: LocalOpenId;
}

/** The facts of what has started. */
export function describeLocal({ api, operatorApi, aws, openid }: Started): LocalFacts {
  const { issuers } = openid;
  return {
    api,
    operatorApi,
    issuer: issuers.get('pool') ?? '',
    ...aws.urls,
    region: REGION,
    bucket: DATA_BUCKET,
    table: DATA_TABLE,
    eventBus: aws.bus.name,
    deadLetterQueueArn: aws.deadLetterQueue.arn,
    tenants: SAMPLE_TENANTS.map((tenant) => describeTenant(tenant, openid, aws)),
    newcomer: describeTenant(NEWCOMER, openid, aws),
  };
}

function describeTenant(
  tenant: SampleTenant,
  { issuers }: LocalOpenId,
  { users }: LocalAws,
): LocalTenantFacts {
  const { tenantId, clientId, clientSecret } = tenant;
  const issuer = issuers.get(providerOf(tenant)) ?? '';
  const people = { user: userOf(tenant), deviceClientId: DEVICE_CLIENT_ID };
  const machines = { clientId, clientSecret, tokenEndpoint: `${issuer}/token` };
  const mfaDevice = mfaDeviceOf(users, tenantId);
  return {
    tenantId,
    issuer,
    ...people,
    ...machines,
    scope: SCOPE,
    resource: AUDIENCE,
    ...(mfaDevice !== undefined && { mfaDevice }),
  };
}

/** What makes a process an operator's: where the API is, and credentials that may use it. */
export function operatorVariables(
  { operatorApi, region, sts, events, sqs, eventBus, deadLetterQueueArn }: LocalFacts,
  { operatorCredentials }: LocalAws,
): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = operatorCredentials;
  return {
    LATCHKEY_ENDPOINT: operatorApi,
    AWS_REGION: region,
    // Version 1 of the AWS CLI reads this one.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    // `aws sts get-caller-identity` says who one is: never ask the real AWS with what is issued here.
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_EVENTBRIDGE: events,
    AWS_ENDPOINT_URL_SQS: sqs,
    EVENT_BUS: eventBus,
    DEAD_LETTER_QUEUE_ARN: deadLetterQueueArn,
    DEAD_LETTER_QUEUE_URL: `${sqs}/${ACCOUNT}/${DEAD_LETTER_QUEUE}`,
  };
}

/** What leads a tenant's tools to this machine: Latchkey, STS, the data, and the sign-in to the console. No credentials. */
export function tenantVariables({ api, region, sts, s3, dynamodb, signin }: LocalFacts) {
  return {
    LATCHKEY_API_URL: api,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SIGNIN: signin,
  };
}

/** The same for a shell: `eval "$(curl …/local/tenant)"`. */
export function renderTenant(facts: LocalFacts): string {
  return exportLines(tenantVariables(facts));
}

/** The operator's for a shell: `eval "$(curl …/local/operator)"`. */
export function renderOperator(facts: LocalFacts, aws: LocalAws): string {
  return exportLines(operatorVariables(facts, aws));
}
