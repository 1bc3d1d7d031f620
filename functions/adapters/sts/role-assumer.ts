import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
} from '@aws-sdk/client-sts';
import { VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import type { Secret } from '../../core/secret.ts';
import { createRegionalSts, type RegionalSts, type RegionalStsOptions } from './regional-sts.ts';
import { readAssumedRoleUser, readCredentials } from './vended-answer.ts';

/** Grants into credentials, by AssumeRole with the function's own credentials. */
export function createRoleAssumer(options: RegionalStsOptions): RoleAssumer {
  const sts = createRegionalSts(options);
  return { assume: (grant, _token, deadline) => assumeRole(sts, grant, deadline) };
}

/** AssumeRole for a grant, by whoever `sts` asks as. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export async function assumeRole(
  sts: RegionalSts,
  grant: Grant,
  deadline: Parameters<RoleAssumer['assume']>[2],
): Promise<VendedCredentials> {
  const input = commandInput(grant);
  return sts.ask({
    send: (client, options) => client.send(new AssumeRoleCommand(input), options),
    read: (answer, region) => read(answer, grant, region),
    deadline,
    once: grant.mfa !== undefined,
    secrets: secretsOf(grant),
  });
}

/** The members that every operation with a session policy takes. Throws `policy_unrenderable` for a grant without one. */
export function policyInput({ policy, policyArns }: Grant) {
  // STS takes a missing policy for "the whole role"; nothing gets here without one, and nothing leaves without one.
  if (policy === '') throw new VendingError('policy_unrenderable');
  return {
    Policy: policy,
    // Not an empty list: AWS does not say whether that one narrows a session to nothing.
    ...(policyArns.length > 0 ? { PolicyArns: policyArns.map((arn) => ({ arn })) } : {}),
  };
}

function commandInput(grant: Grant): AssumeRoleCommandInput {
  const { tags, transitiveTagKeys, mfa, contexts } = grant;
  return {
    RoleArn: grant.roleArn,
    RoleSessionName: grant.roleSessionName,
    DurationSeconds: grant.durationSeconds,
    ...policyInput(grant),
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ...(transitiveTagKeys.length > 0 ? { TransitiveTagKeys: [...transitiveTagKeys] } : {}),
    SourceIdentity: grant.sourceIdentity,
    ExternalId: grant.externalId,
    ...(mfa === undefined ? {} : { SerialNumber: mfa.serialNumber, TokenCode: mfa.tokenCode.reveal() }),
    ...(contexts.length > 0 ? { ProvidedContexts: providedContexts(contexts) } : {}),
  };
}

function secretsOf({ mfa, contexts }: Grant): readonly Secret[] {
  const assertions = contexts.map(({ contextAssertion }) => contextAssertion);
  return mfa === undefined ? assertions : [mfa.tokenCode, ...assertions];
}

function providedContexts(contexts: Grant['contexts']) {
  return contexts.map(({ providerArn, contextAssertion }) => ({
    ProviderArn: providerArn,
    ContextAssertion: contextAssertion.reveal(),
  }));
}

function read(answer: AssumeRoleCommandOutput, grant: Grant, region: string): VendedCredentials {
  const credentials = readCredentials(answer, grant, region);
  return { ...credentials, assumedRoleUser: readAssumedRoleUser(answer.AssumedRoleUser, grant) };
}
