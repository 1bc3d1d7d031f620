import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

type Resolved =
  | string
  | { readonly Ref: string }
  | { readonly 'Fn::GetAtt': readonly string[] }
  | { readonly 'Fn::Join': readonly [separator: string, parts: readonly Resolved[]] };

/** A resource as cdk-nag names it in its findings: with angle brackets around what is put in later, policy variables too. */
export function asReported(scope: IConstruct, resource: string): string {
  const resolved: Resolved = Stack.of(scope).resolve(resource);
  return render(resolved).replaceAll(/\$\{([^}]*)\}/g, '<$1>');
}

function render(resolved: Resolved): string {
  if (typeof resolved === 'string') return resolved;
  if ('Ref' in resolved) return `<${resolved.Ref}>`;
  if ('Fn::GetAtt' in resolved) return `<${resolved['Fn::GetAtt'].join('.')}>`;
  const [separator, parts] = resolved['Fn::Join'];
  return parts.map(render).join(separator);
}
