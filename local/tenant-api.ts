import type { FrameOptions } from '../functions/api/frame.ts';
import { ROUTES } from '../functions/core/routes.ts';
import { createDecodeApp } from '../functions/decode/app.ts';
import { createIamUserApp } from '../functions/iam-user/app.ts';
import { createSamlApp } from '../functions/saml/app.ts';
import { createVendApp } from '../functions/vend/app.ts';
import type { LocalFunctions } from './start-functions.ts';

/** The tenants' API: the apps of its functions, to which API Gateway leads by the path. */
export function createTenantApi(
  { vending, samlVending, iamUserVending, decoding }: LocalFunctions,
  options: FrameOptions,
): (request: Request) => Response | Promise<Response> {
  const vend = createVendApp(vending, options);
  const others = new Map<string, ReturnType<typeof createVendApp>>([
    [ROUTES.saml, createSamlApp(samlVending, options)],
    [ROUTES['iam-user'], createIamUserApp(iamUserVending, options)],
    [ROUTES.decode, createDecodeApp(decoding, options)],
  ]);
  return (request) => (others.get(new URL(request.url).pathname) ?? vend).fetch(request, {});
}
