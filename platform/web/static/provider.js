// Makes a Token or an EncodingAESKey: letters and digits, as the protocol wants them.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const fair = 256 - 256 % alphabet.length; // bytes from here on would make some letters likelier

function random(length) {
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

for (const button of document.querySelectorAll("[data-make]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.make);
    input.value = random(Number(button.dataset.length));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
    input.select();
  });
}
