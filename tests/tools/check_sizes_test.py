#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tools/check-sizes on sources of our own making, in a folder of their own. usage: check_sizes_test.py SOURCE_DIR"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(sys.argv[1]) / "tools/check-sizes"
SPDX = "// SPDX-License-Identifier: GPL-2.0-or-later\n"
LONG = "  ++x;\n" * 44  # a body of 46 lines with its braces


def verdict(source, name="src/a.cpp"):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tools").mkdir()
        (root / "src").mkdir()
        shutil.copy(TOOL, root / "tools")
        (root / name).write_text(SPDX + source)
        done = subprocess.run([sys.executable, root / "tools/check-sizes"], capture_output=True, text=True)
        return done.returncode, done.stdout


class CheckSizes(unittest.TestCase):
    def test_what_is_short_enough(self):
        self.assertEqual(verdict("void f() {\n" + "  ++x;\n" * 43 + "}\n"), (0, "sizes: ok\n"))

    def test_functions_wherever_they_stand(self):
        shapes = {
            "f": "void f() {\n%s}\n",
            "A::f": "template <class T = std::array<int, 2>>\nint A::f(int x,\n         int y) const {\n%s}\n",
            "g": "class A {\n public:\n  int g() const {\n%s}\n};\n",
            "h": "namespace a {\nstruct alignas(32) B {\n  struct C : D {\n    int x{0};\n    void h(int y = 0) noexcept {\n%s}\n  };\n};\n}\n",
            "E": "struct E {\n  E(int y) : a_(y), b_{y, y}, c_{1} {\n%s}\n  int a_;\n};\n",
            "operator=": "struct E {\n  E& operator=(const E& y) {\n%s}\n};\n",
            "TEST": "TEST(A, B) {\n%s}\n",
        }
        for name, shape in shapes.items():
            with self.subTest(name):
                line = 2 + shape.split("%s")[0].count("\n") - 1
                self.assertEqual(verdict(shape % LONG), (1, f"src/a.cpp:{name}: 46 lines, budget 45 (line {line})\n"))

    def test_what_is_no_function(self):
        for shape in ("constexpr Row kRows[] = {\n%s};\n", "enum class A {\n%s};\n", "struct A {\n%s};\n",
                      "void f() {\n  return; // {\n  g('{', \"{\");\n}\nstruct A {\n%s};\n",
                      "const char* kText = R\"(void f() {\n%s})\";\n", "#define F(x) {\nstruct A {\n%s};\n"):
            with self.subTest(shape):
                self.assertEqual(verdict(shape % LONG), (0, "sizes: ok\n"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
