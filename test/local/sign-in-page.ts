/** A page as a browser without scripts has it. */
export interface Page {
  readonly status: number;
  readonly url: string;
  readonly text: string;
}

/** A browser as far as the pages of a sign-in need one: cookies by path, redirects, forms. */
export function createBrowser() {
  const cookies = new Map<string, { readonly path: string; readonly pair: string }>();

  async function visit(url: string, form?: URLSearchParams): Promise<Page> {
    const { pathname } = new URL(url);
    const sent = [...cookies.values()].filter(({ path }) => pathname.startsWith(path));
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: sent.map(({ pair }) => pair).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) keep(line);
    const location = response.headers.get('location');
    if (location !== null) return visit(new URL(location, url).href);
    return { status: response.status, url, text: await response.text() };
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = ''] = pair.split('=');
    const path = attributes.find((each) => each.startsWith('path='))?.slice('path='.length) ?? '/';
    cookies.set(`${name} ${path}`, { path, pair });
    if (pair === `${name}=`) cookies.delete(`${name} ${path}`);
  }

  /** Sends a page's form with its hidden fields, as a press on one of its buttons does. */
  function submit({ url, text }: Page, pressed: Readonly<Record<string, string>> = {}): Promise<Page> {
    const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const fields = hidden.map(([, name = '', value = '']): [string, string] => [name, value]);
    const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1] ?? url;
    return visit(action, new URLSearchParams([...fields, ...Object.entries(pressed)]));
  }

  return { visit, submit };
}

/** Signs somebody in with the local provider's device flow, from the link to the last page. */
export async function signInOnPage(link: string, pressed: Readonly<Record<string, string>>): Promise<Page> {
  const { visit, submit } = createBrowser();
  const confirm = await submit(await visit(link));
  return submit(await submit(confirm), pressed);
}
