/** In a page, before there is a manager: counts the messages that its channels hear by `onmessage`, in `window.heard`. */
export function countMessages() {
  window.heard = 0;
  const { prototype } = BroadcastChannel;
  const property = Object.getOwnPropertyDescriptor(prototype, "onmessage");
  Object.defineProperty(prototype, "onmessage", {
    ...property,
    set(hear) {
      const counting = (event) => {
        window.heard++;
        hear(event);
      };
      property.set.call(this, hear && counting);
    },
  });
}
