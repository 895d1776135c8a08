import { createTokenManager } from "tokenhold";

/** Nobody should do this; it must say what is wrong. */
export async function GET() {
  const { code, message } = await createTokenManager({ refresh: "/auth/refresh" }).catch((error) => error);
  return Response.json({ code, message });
}

export const dynamic = "force-dynamic";
