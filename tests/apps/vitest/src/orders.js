// src/orders.js
import { tokens } from "./tokens.js";

export async function orders() {
  const response = await tokens.fetch("/api/orders");
  if (!response.ok) throw new Error(`orders: ${response.status}`);
  return response.json();
}
