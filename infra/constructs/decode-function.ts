import { Stack, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DecodeVariables } from '../../functions/decode/environment.ts';
import type { Environment } from '../environment.ts';
import { ApiFunction, type ApiFunctionProps, apiVariables, vendsVariable } from './api-function.ts';
import type { TenantPrincipals } from './tenant-principals.ts';

/** What the function works with. */
export interface DecodeFunctionProps extends ApiFunctionProps, Pick<Environment, 'vendsPerSecond'> {
  readonly principals: TenantPrincipals;
}

/** Decodes what AWS says of a denial, for the tenant that it was said to. It can make no session. */
export class DecodeFunction extends ApiFunction {
  constructor(scope: Construct, id: string, props: DecodeFunctionProps) {
    const { principals } = props;
    const { federationUserArn, tenantUserArnPrefix } = principals.iamUsers ?? {};
    const variables: DecodeVariables = {
      ...apiVariables(props),
      ...vendsVariable(props),
      LATCHKEY_SESSION_ROLE_ARNS: Stack.of(scope).toJsonString(
        principals.namedByLatchkey.map(({ role }) => role.roleArn),
      ),
      ...(federationUserArn === undefined ? {} : { LATCHKEY_FEDERATION_USER_ARN: federationUserArn }),
      ...(tenantUserArnPrefix === undefined ? {} : { LATCHKEY_TENANT_USER_ARN_PREFIX: tenantUserArnPrefix }),
    };
    super(scope, id, {
      ...props,
      description: "Latchkey: decodes AWS's encoded authorization messages for tenants",
      entry: 'decode/handler.ts',
      variables,
    });
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['sts:DecodeAuthorizationMessage'],
      resourceArns: ['*'],
    });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'a message is no resource: IAM takes nothing but * for sts:DecodeAuthorizationMessage',
    });
  }
}
