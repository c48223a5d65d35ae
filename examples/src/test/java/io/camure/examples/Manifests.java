package io.camure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the manifests describe. */
final class Manifests {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

    private final List<HasMetadata> all = new ArrayList<>();

    /** @param directory below that of this module */
    Manifests(KubernetesClient client, String directory) throws IOException {
        for (Path file : Place.manifests(directory)) {
            try (InputStream content = Files.newInputStream(file)) {
                all.addAll(client.load(content).items());
            }
        }
    }

    List<HasMetadata> all() {
        return all;
    }

    <T extends HasMetadata> T get(Class<T> kind, String name) {
        return all.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind.getSimpleName() + " " + name));
    }

    Container container(String deployment) {
        List<Container> containers = get(Deployment.class, deployment)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers();
        assertThat(containers).hasSize(1);
        return containers.get(0);
    }

    ContainerPort port(String deployment, String name) {
        return container(deployment).getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(deployment + " has no port " + name));
    }

    /** The names of the Deployments whose pods a selector takes. */
    List<String> selected(Map<String, String> labels) {
        return all.stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .filter(deployment -> deployment
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(labels.entrySet()))
                .map(deployment -> deployment.getMetadata().getName())
                .sorted()
                .toList();
    }

    List<String> selectedBy(String service) {
        return selected(get(Service.class, service).getSpec().getSelector());
    }

    /** As the kubelet gives them to the container of a pod with this name and address. */
    Variables variables(String deployment, String podName, String podIp) {
        Map<String, String> values = new HashMap<>();
        Container container = container(deployment);
        container
                .getEnvFrom()
                .forEach(source -> values.putAll(
                        get(ConfigMap.class, source.getConfigMapRef().getName()).getData()));
        Map<String, String> fields = Map.of("status.podIP", podIp, "metadata.name", podName);
        for (EnvVar variable : container.getEnv()) {
            String value = variable.getValueFrom() == null
                    ? variable.getValue()
                    : fields.get(variable.getValueFrom().getFieldRef().getFieldPath());
            values.put(variable.getName(), resolved(value, values));
        }
        return new Variables(values);
    }

    /** Only what comes before a variable can be referred to. */
    private static String resolved(String value, Map<String, String> values) {
        return REFERENCE.matcher(value).replaceAll(reference -> {
            assertThat(values).containsKey(reference.group(1));
            return Matcher.quoteReplacement(values.get(reference.group(1)));
        });
    }
}
