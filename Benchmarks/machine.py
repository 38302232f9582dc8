"""What a result must say about where and when it was measured."""

import datetime
import os
import pathlib
import platform


def cpu():
    """The processor's name and its widest vector instructions, from /proc/cpuinfo."""
    fields = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    flags = fields.get("flags", fields.get("Features", "")).split()
    vectors = [flag for flag in ("avx512f", "avx2", "fma", "asimd", "sve") if flag in flags]
    name = fields.get("model name", platform.machine())
    return f"{name}, {os.cpu_count()} logical processors, {' '.join(vectors)}"


def description():
    """Lines of Markdown: processor, memory, system, date."""
    memory = next(line.split()[1] for line in pathlib.Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal"))
    return [
        f"* {cpu()}",
        f"* {round(int(memory) / 1024 ** 2)} GiB of memory, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}",
        f"* {today()}, load average at the start {os.getloadavg()[0]:.2f}",
    ]


def today():
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def save(lines, folder, name):
    """Prints the lines and writes them to folder/DATE-NAME.md."""
    text = "\n".join(lines) + "\n"
    print(text, end="")
    folder.mkdir(exist_ok=True)
    (folder / f"{today()}-{name}.md").write_text(text)
