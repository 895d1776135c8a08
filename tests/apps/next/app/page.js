import { connection } from "next/server";
import { isTokenholdError } from "tokenhold";
import { Session } from "./session";

export default async function Page() {
  // Scripts of a page that was rendered beforehand have no nonce.
  await connection();
  return (
    <>
      <p id="on-the-server">{String(isTokenholdError(new Error()))}</p>
      <Session />
    </>
  );
}
