import type { Construct } from 'constructs';
import type { SamlVariables } from '../../functions/saml/environment.ts';
import { ApiFunction, type VendingFunctionProps, vendingVariables } from './api-function.ts';

/**
 * A SAML assertion in, credentials out. STS takes the assertion in the place of a signature: the function may ask STS for
 * nothing in its own name, and no role trusts it.
 */
export class SamlFunction extends ApiFunction {
  constructor(scope: Construct, id: string, props: VendingFunctionProps) {
    const variables: SamlVariables = vendingVariables(scope, props);
    super(scope, id, {
      ...props,
      description: 'Latchkey: vends temporary AWS credentials for SAML assertions',
      entry: 'saml/handler.ts',
      variables,
    });
  }
}
