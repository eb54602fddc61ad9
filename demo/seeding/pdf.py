"""A small, real PDF with one line of text, made without a layout engine: thousands of them in a second."""

import zlib


def small_pdf(line: str, *, size: int = 0) -> bytes:
    """Return a valid one-page PDF.

    Args:
        line: letters of ASCII only.
        size: at least so many bytes; padding that does not compress is put into a stream of its own.
    """
    words = line.encode("ascii").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    text = b"BT /F1 14 Tf 72 760 Td (" + words + b") Tj ET"
    filler = _filler(max(0, size - 900))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(text)).encode() + b" >>\nstream\n" + text + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    if filler:
        objects.append(b"<< /Length " + str(len(filler)).encode() + b" >>\nstream\n" + filler + b"\nendstream")
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 " + str(len(objects) + 1).encode() + b"\n0000000000 65535 f \n"
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += b"trailer\n<< /Size " + str(len(objects) + 1).encode() + b" /Root 1 0 R >>\n"
    out += b"startxref\n" + str(start).encode() + b"\n%%EOF\n"
    return bytes(out)


def _filler(size: int) -> bytes:
    """Return bytes that look like a picture: always the same, and nothing that a compressor makes smaller."""
    state, block = 1, bytearray()
    while len(block) < min(size, 8192):
        state = (state * 1103515245 + 12345) % 2**31
        block += zlib.crc32(state.to_bytes(4, "big")).to_bytes(4, "big")
    return bytes(block * (size // max(1, len(block)) + 1))[:size] if size else b""
