import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { VendVariables } from '../../functions/vend/environment.ts';
import { ApiFunction, type VendingFunctionProps, vendingVariables } from './api-function.ts';
import type { SelfIssuer } from './self-issuer.ts';

/** What the function works with. */
export interface VendFunctionProps extends VendingFunctionProps {
  /**
   * The execution role. Made outside: tenant roles trust it, and the function's variables name them in turn. It is
   * given the function's log group, the registry's records, the usage table and the issuer's keys here, and nothing else.
   */
  readonly role: IRole;
  /** Left out, the function signs no tokens. */
  readonly selfIssuer?: SelfIssuer | undefined;
}

/** The hot path: a token in, credentials out. */
export class VendFunction extends ApiFunction {
  constructor(scope: Construct, id: string, props: VendFunctionProps) {
    const { selfIssuer } = props;
    const variables: VendVariables = { ...vendingVariables(scope, props), ...selfIssuer?.variables() };
    super(scope, id, {
      ...props,
      description: 'Latchkey: vends temporary AWS credentials to tenants',
      entry: 'vend/handler.ts',
      variables,
      hotPath: true,
    });
    selfIssuer?.grantSign(this.role);
  }
}
