package io.camure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jars as they are published: by {@code mvn -P release verify}, which sets the property. */
@EnabledIfSystemProperty(
        named = "camure.published",
        matches = "true",
        disabledReason = "only 'mvn -P release verify', not offline, makes the bills of materials")
class PublishedJarsTest {

    /** The modules that are deployed, by their directories. */
    static List<Path> published() throws IOException {
        try (Stream<Path> modules = Files.list(Place.root())) {
            return modules.filter(module -> module.getFileName().toString().startsWith("camure-"))
                    .filter(module ->
                            !read(module.resolve("pom.xml")).contains("<maven.deploy.skip>true</maven.deploy.skip>"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void carryABillOfMaterialsWithEachDependency(Path module) throws Exception {
        String name = module.getFileName().toString();
        JsonNode bill;
        try (JarFile jar = new JarFile(jar(module).toFile())) {
            ZipEntry entry = jar.getEntry("META-INF/sbom/" + name + ".cdx.json");
            assertThat(entry).as("the bill of materials of %s", name).isNotNull();
            try (InputStream in = jar.getInputStream(entry)) {
                bill = JsonMapper.shared().readTree(in);
            }
        }

        assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(bill.at("/metadata/component/name").asString()).isEqualTo(name);
        assertThat(bill.path("components")
                        .valueStream()
                        .map(component -> component.path("group").asString() + ":"
                                + component.path("name").asString()))
                .containsAll(dependencies(module));
        assertThat(bill.path("components").valueStream())
                .allSatisfy(component ->
                        assertThat(component.path("version").asString()).isNotEmpty());
    }

    private static Path jar(Path module) throws IOException {
        try (Stream<Path> files = Files.list(module.resolve("target"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches(module.getFileName() + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** Those that users get, as {@code group:name}. */
    private static List<String> dependencies(Path module) throws Exception {
        Element project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(module.resolve("pom.xml").toFile())
                .getDocumentElement();
        NodeList all = project.getElementsByTagName("dependency");
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .filter(dependency -> dependency.getParentNode().getParentNode() == project)
                .filter(dependency -> !text(dependency, "scope").equals("test"))
                .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
                .toList();
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException("Can't read " + file, e);
        }
    }
}
