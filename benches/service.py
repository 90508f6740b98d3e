#!/usr/bin/env python3
"""The running service from outside: what it costs when nothing is due, and how fast its page answers.

    benches/service.py idle [--people 10000] [--listings 20000] [--sources 50] [--seconds 300]
    benches/service.py web  [--listings 100000] [--seconds 10]            needs wrk

Fills a folder with made-up listings and people by the program's own commands, starts `rolecall serve`, and reads /proc.
`idle` prints the time to READY, the resident memory 20 s and 200 s after it, and wake-ups a second from then on: the voluntary context switches of all threads, each of which is a thread that waited and was woken. Nobody has an
alert due in the hours of the measurement; it runs with the variables that the packaged unit sets. `web` prints requests a second and the 99th
percentile of the page, of the live count (each request other wishes than the one before), and of a static file of the same
server, in turns of the same run. ROLECALL says which program, target/release/rolecall unless given.
"""
import argparse, datetime, json, os, random, re, signal, socket, statistics, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("ROLECALL", str(ROOT / "target/release/rolecall"))
ROUNDS = 3
ROLES = ["Senior Backend Engineer", "Backend Developer", "Software Engineer, Payments", "Database Administrator", "PostgreSQL DBA",
         "Solutions Architect", "Staff Engineer, Platform", "Java Developer", "Golang Engineer", "Product Designer", "Data Analyst"]
SKILLS = ["Rust", "Go", "Java", "Python", "Kotlin", "PostgreSQL", "Kafka", "Kubernetes", "Redis", "Scala", "Elixir", "MySQL", "gRPC", "AWS"]
PLACES = ["Bengaluru, India", "Pune, India", "Hyderabad, India", "Berlin, Germany", "London, United Kingdom", "Remote", "Austin, TX", "Toronto, Canada"]
PAY = ["Rs 18-26 LPA", "Rs 4,17,345 a year", "EUR 70,000 - 85,000 a year", "GBP 65,000 a year", "$150,000 - $180,000 a year", None, None, None]
TEXT = ("We run the systems behind {company}. You design and build services in {a} and {b}, own their data in {c}, and answer for them "
        "in production. You review code, write down decisions, and help others grow. We ask for {years}+ years with {a}; {d} is nice to have. ")


def posting(number, chance):
    a, b, c, d = chance.sample(SKILLS, 4)
    company = f"Company {chance.randrange(2000)}"
    text = TEXT.format(company=company, a=a, b=b, c=c, d=d, years=chance.randrange(1, 12)) * 6
    return {"id": str(number), "title": chance.choice(ROLES), "company": company, "location": chance.choice(PLACES), "description": text,
            "salary_text": chance.choice(PAY), "url": f"https://jobs.example/{number}"}


# Nothing is due in the next three hours.
NOW = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=5, minutes=30))).hour
HOURS = [hour for hour in range(24) if (hour - NOW) % 24 > 3]
UNIT = (ROOT / "packaging/systemd/rolecall.service").read_text()
VARIABLES = dict(line.split("=", 2)[1:] for line in UNIT.splitlines() if line.startswith("Environment="))


def person(number, chance):
    wishes = {"roles": [chance.choice(["backend_engineer", "database_administrator", "solutions_architect"])],
              "skills": {"any": [skill.lower() for skill in chance.sample(SKILLS[:8], 2)]}}
    return {"email": f"reader{number}@example.org", "name": "Jobs", "preferences": wishes,
            "delivery": {"frequency": "daily", "at": f"{chance.choice(HOURS):02}:00", "time_zone": "Asia/Kolkata"}}


def write(path, rows):
    with open(path, "w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


class Service:
    def __init__(self, folder, listings, sources, people):
        self.folder, chance = Path(folder), random.Random(20261126)
        lines = [f'[service]\nbase_url = "http://127.0.0.1:1"\ndata_dir = "{folder}/data"\n[web]\nlisten = "127.0.0.1:0"\n'
                 '[mail]\npostal_address = "1 High Street"\n[fetch]\nschedule = "0 3 1 1 *"\nmax_items = 200000\nmax_bytes = 900000000\n'
                 'max_total_bytes = 900000000\nmax_total_time = "20m"\ntimeout = "20m"\n']
        each = listings // sources
        for source in range(sources):
            path = self.folder / f"jobs{source}.ndjson"
            write(path, (posting(source * each + number, chance) for number in range(each)))
            lines.append(f'[[source]]\nname = "board{source}"\nkind = "file"\npath = "{path}"\n')
        (self.folder / "rolecall.toml").write_text("".join(lines))
        write(self.folder / "people.ndjson", (person(number, chance) for number in range(people)))
        self.run("run")
        if people:
            self.run("subscriber", "import", str(self.folder / "people.ndjson"))
            self.run("run")

    def command(self, *words):
        return [PROGRAM, *words, "--config", str(self.folder / "rolecall.toml")]

    def run(self, *words):
        begun = time.monotonic()
        done = subprocess.run(self.command(*words), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"rolecall {' '.join(words)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        print(f"  rolecall {' '.join(words[:2])}: {time.monotonic() - begun:.1f} s", file=sys.stderr)

    def start(self):
        """Seconds to READY, as systemd would see them."""
        path = str(self.folder / "notify")
        if os.path.exists(path):
            os.unlink(path)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(path)
        notify.settimeout(60)
        begun = time.monotonic()
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(self.command("serve"), env=dict(os.environ, NOTIFY_SOCKET=path, **VARIABLES), stdout=self.log, stderr=self.log)
        while b"READY=1" not in notify.recv(4096):
            pass
        ready = time.monotonic() - begun
        self.page = re.search(r'page="?(http://[^"\s]+)', (self.folder / "log").read_text()).group(1)
        return ready

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def wakes(self):
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text()).group(1))
        return total


def idle(args):
    with tempfile.TemporaryDirectory() as folder:
        service = Service(folder, args.listings, args.sources, args.people)
        readies = []
        for _ in range(5):
            readies.append(service.start())
            service.stop()
        readies.append(service.start())
        time.sleep(20)
        at_first = service.memory()
        time.sleep(180)
        before, begun = service.wakes(), time.monotonic()
        time.sleep(args.seconds)
        rate = (service.wakes() - before) / (time.monotonic() - begun)
        print(f"{args.people} people, {args.listings} listings, {args.sources} sources: READY after {1000 * statistics.median(readies):.0f} ms "
              f"(median of {len(readies)}), resident {at_first:.1f} MB, {service.memory():.1f} MB later, {rate:.3f} wake-ups a second over {args.seconds} s")
        urllib.request.urlopen(service.page + "/fits?roles=backend_engineer").read()
        print(f"resident once a visitor asked for the count: {service.memory():.1f} MB")
        service.stop()


def wrk(url, seconds, script=None):
    words = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *(["-s", str(script)] if script else []), url]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    assert not bad, said
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


WISHES = """
local skills = {"rust", "go", "java", "python", "kotlin", "postgresql", "kafka", "kubernetes", "redis", "scala"}
local n = 0
request = function()
  n = n + 1
  local a, b = skills[n % 10 + 1], skills[math.floor(n / 10) % 10 + 1]
  return wrk.format("GET", "/fits?roles=backend_engineer&skills_any=" .. a .. "%2C+" .. b .. "&experience_years=" .. (n % 30) .. "&pay=" .. (1 + n % 997) * 1000 .. "+EUR")
end
"""


def web(args):
    with tempfile.TemporaryDirectory() as folder:
        service = Service(folder, args.listings, 1, 0)
        service.start()
        script = Path(folder) / "wishes.lua"
        script.write_text(WISHES)
        begun = time.monotonic()
        urllib.request.urlopen(service.page + "/fits?roles=backend_engineer").read()
        print(f"{args.listings} listings; the first count reads them: {time.monotonic() - begun:.1f} s, resident {service.memory():.0f} MB")
        targets = [("a static file", "/style.css", None), ("the subscribe page", "/", None), ("the live count", "/fits", script)]
        figures = {name: [] for name, _, _ in targets}
        for _ in range(ROUNDS):
            for name, path, with_script in targets:
                figures[name].append(wrk(service.page + path, args.seconds, with_script))
        base = statistics.median(rate for rate, _ in figures["a static file"])
        for name, seen in figures.items():
            rate, p99 = statistics.median(rate for rate, _ in seen), statistics.median(p99 for _, p99 in seen)
            print(f"{name:<20} {rate:>9.0f} requests/s  p99 {p99:>7.2f} ms  {rate / base:.2f} of the static file")
        service.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["idle", "web"])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--listings", type=int)
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--seconds", type=int)
    args = parser.parse_args()
    args.listings = args.listings or {"idle": 20_000, "web": 100_000}[args.what]
    args.seconds = args.seconds or {"idle": 300, "web": 10}[args.what]
    {"idle": idle, "web": web}[args.what](args)


if __name__ == "__main__":
    main()
