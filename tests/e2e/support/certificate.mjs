/** A certificate for localhost, made on the spot: WebKit keeps no `Secure` cookie that comes over plain http. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const COMMON_NAME = oid("550403");
const SUBJECT_ALT_NAME = oid("551d11");
const DAY_MS = 86_400_000;

/** `{ key, cert }` in PEM: self-signed, for `localhost`, for two days (RFC 5280, section 4.1). */
export function selfSigned() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = toBeSigned(publicKey.export({ type: "spki", format: "der" }));
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, privateKey)));
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }), cert: pem(certificate) };
}

function toBeSigned(publicKey) {
  const version3 = tagged(0xa0, tagged(0x02, Buffer.from([2])));
  const serial = tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const name = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from("localhost")))));
  const validity = sequence(...[-DAY_MS, DAY_MS].map((shift) => time(new Date(Date.now() + shift))));
  const names = sequence(tagged(0x82, Buffer.from("localhost")));
  const extensions = tagged(0xa3, sequence(sequence(SUBJECT_ALT_NAME, tagged(0x04, names))));
  return sequence(version3, serial, ECDSA_WITH_SHA256, name, validity, name, publicKey, extensions);
}

function sequence(...parts) {
  return tagged(0x30, ...parts);
}

function oid(hex) {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function bits(bytes) {
  return tagged(0x03, Buffer.from([0]), bytes);
}

function time(date) {
  return tagged(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
}

function tagged(tag, ...parts) {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(value.length), value]);
}

function length(count) {
  if (count < 0x80) return Buffer.from([count]);
  return count < 0x100 ? Buffer.from([0x81, count]) : Buffer.from([0x82, count >> 8, count & 0xff]);
}

function pem(der) {
  const lines = der
    .toString("base64")
    .match(/.{1,64}/g)
    .join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
