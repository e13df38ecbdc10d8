import type { FastifyInstance } from 'fastify';

/** Which methods a path knows, for 405 and its `Allow`. */
export class RouteTable {
  private readonly methodsByPattern = new Map<string, Set<string>>();
  private readonly patterns: { readonly regexp: RegExp; readonly methods: Set<string> }[] = [];

  /** Notes every route that is added to the server from now on. */
  static of(server: FastifyInstance): RouteTable {
    const table = new RouteTable();
    server.addHook('onRoute', (route) => table.add([route.method].flat(), route.url));
    return table;
  }

  /** The methods of all routes that match, `[]` when there is none. */
  methodsFor(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    return [...new Set(this.patterns.filter(({ regexp }) => regexp.test(path)).flatMap(({ methods }) => [...methods]))];
  }

  private add(methods: readonly string[], pattern: string): void {
    const known = this.methodsByPattern.get(pattern);
    if (known) {
      for (const method of methods) known.add(method);
      return;
    }
    const added = new Set(methods);
    const source = pattern
      .split('/')
      .map((segment) =>
        segment.startsWith(':') ? '[^/]+' : segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '.*'),
      )
      .join('/');
    this.methodsByPattern.set(pattern, added);
    this.patterns.push({ regexp: new RegExp(`^${source}$`), methods: added });
  }
}
