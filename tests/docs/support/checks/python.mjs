/** `py`: compiled. The backend of docs/fastapi.md is run as well: see endpoints.test.mjs. */
import { execute, python } from "../workshop.mjs";

const compile = "import sys; compile(sys.argv[1], 'block', 'exec')";

export async function checkPython(code) {
  const { code: status, output } = await execute(python(), ["-c", compile, code]);
  return status === 0 ? [] : [output];
}
