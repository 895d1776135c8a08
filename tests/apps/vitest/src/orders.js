// src/orders.js
import { started } from "./tokens.js";

export async function orders() {
  const tokens = await started;
  const response = await tokens.fetch("/api/orders");
  if (!response.ok) throw new Error(`orders: ${response.status}`);
  return response.json();
}
