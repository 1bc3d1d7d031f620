import type { Construct } from 'constructs';
import type { IamUserVariables } from '../../functions/iam-user/environment.ts';
import { ApiFunction, type VendingFunctionProps, vendingVariables } from './api-function.ts';
import type { IamUsers } from './iam-users.ts';

/** What the function works with. */
export interface IamUserFunctionProps extends VendingFunctionProps {
  readonly iamUsers: IamUsers;
}

/** A token in, credentials of an IAM user's making out. It asks STS in the users' names: it alone may read their keys, and no role trusts it. */
export class IamUserFunction extends ApiFunction {
  constructor(scope: Construct, id: string, { iamUsers, ...props }: IamUserFunctionProps) {
    const variables: IamUserVariables = {
      ...vendingVariables(scope, props),
      LATCHKEY_USER_SECRETS_PREFIX: iamUsers.secretsPrefix,
    };
    super(scope, id, {
      ...props,
      description: 'Latchkey: vends temporary AWS credentials of IAM users',
      entry: 'iam-user/handler.ts',
      variables,
    });
    iamUsers.grantReadKeys(this.role);
  }
}
