/**
 * The sandbox's QR is also a link to the phone. Where a frame may not open
 * windows (the published script sandboxes some panels), the address is shown to
 * copy instead of a click that does nothing.
 */

import * as page from "./page.js";

export function preparePhoneLink() {
  const link = document.getElementById("open");
  const address = document.getElementById("address");
  if (!link) return;
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    // Opened empty first: with "noopener" the answer would be null either way.
    const phone = window.open("", "_blank");
    if (!phone) {
      page.show("copy");
      return address.focus();
    }
    phone.opener = null;
    phone.location.replace(link.href);
  });
  address.addEventListener("focus", () => address.select());
  page.onPress("copy", () => {
    address.select();
    // navigator.clipboard is not delegated to frames; this is.
    page.mark("copied", document.execCommand("copy"));
  });
}
