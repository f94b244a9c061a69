"""Takes the filmstrip out of the executed first notebook, for the README.

make demo && python tests/readme_picture.py
"""

import base64
import json
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    notebook = json.loads((ROOT / "out" / "01_first_cut.ipynb").read_text())
    pictures = [
        output["data"]["image/png"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    target = ROOT / "notebooks" / "pictures" / "first_cut.png"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(base64.b64decode(pictures[0]))
    print(target)


if __name__ == "__main__":
    main()
