package dev.sluice.deploy;

import static dev.sluice.deploy.DeployFile.list;
import static dev.sluice.deploy.DeployFile.map;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders a folder of deploy/kubernetes as {@code kubectl kustomize} does, as far as our files use it: resources,
 * namespace, labels without selectors, images by digest, and patches that delete an object or remove a field. Anything
 * else is refused, so that it cannot be rendered wrongly. {@link KubernetesTest} compares the two where kubectl is installed.
 */
final class Kustomization {

    private static final Set<String> KNOWN =
            Set.of("apiVersion", "kind", "namespace", "resources", "labels", "images", "patches");

    /** Objects that no namespace holds. */
    private static final Set<String> CLUSTER_WIDE = Set.of("Namespace");

    private Kustomization() {}

    /** @param folder with a kustomization.yaml */
    static List<Map<String, Object>> render(Path folder) {
        Map<String, Object> kustomization =
                DeployFile.documents(folder.resolve("kustomization.yaml")).get(0);
        require(KNOWN.containsAll(kustomization.keySet()), folder + " uses more than " + KNOWN);
        List<Map<String, Object>> objects = new ArrayList<>();
        for (String resource : DeployFile.<String>list(kustomization.get("resources"))) {
            Path path = folder.resolve(resource).normalize();
            objects.addAll(Files.isDirectory(path) ? render(path) : DeployFile.documents(path));
        }
        DeployFile.<Map<String, Object>>list(kustomization.get("patches")).forEach(patch -> apply(patch, objects));
        for (Map<String, Object> object : objects) {
            setNamespace(object, Objects.requireNonNull(kustomization.get("namespace")));
            list(kustomization.get("labels")).forEach(labels -> addLabels(object, map(labels)));
            list(kustomization.get("images")).forEach(image -> setImage(object, map(image)));
        }
        return objects;
    }

    private static void apply(Map<String, Object> patch, List<Map<String, Object>> objects) {
        Map<String, Object> target = map(patch.get("target"));
        String text = Objects.toString(patch.get("patch"));
        if (target.isEmpty()) {
            Map<String, Object> deleted = DeployFile.documents(text).get(0);
            require(Objects.equals(deleted.get("$patch"), "delete"), "a patch without target deletes an object");
            objects.remove(find(
                    objects, deleted.get("kind"), map(deleted.get("metadata")).get("name")));
        } else {
            Map<String, Object> object = find(objects, target.get("kind"), target.get("name"));
            // A JSON patch is a sequence, and a document here is a mapping: read it as the value of a key.
            String document = "operations:\n" + text.indent(2);
            DeployFile.<Map<String, Object>>list(
                            DeployFile.documents(document).get(0).get("operations"))
                    .forEach(operation -> remove(operation, object));
        }
    }

    private static void remove(Map<String, Object> operation, Map<String, Object> object) {
        require(Objects.equals(operation.get("op"), "remove"), "a patch with a target removes a field");
        String[] path = Objects.toString(operation.get("path")).substring(1).split("/", -1);
        Map<String, Object> holder = object;
        for (int i = 0; i < path.length - 1; i++) {
            holder = map(holder.get(path[i]));
        }
        require(holder.remove(path[path.length - 1]) != null, "nothing is at " + operation.get("path"));
    }

    private static Map<String, Object> find(
            List<Map<String, Object>> objects, @Nullable Object kind, @Nullable Object name) {
        return objects.stream()
                .filter(object -> Objects.equals(object.get("kind"), kind)
                        && Objects.equals(map(object.get("metadata")).get("name"), name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a patch names " + kind + " " + name));
    }

    private static void setNamespace(Map<String, Object> object, Object namespace) {
        if (!CLUSTER_WIDE.contains(Objects.toString(object.get("kind")))) {
            map(object.get("metadata")).put("namespace", namespace);
        }
    }

    private static void addLabels(Map<String, Object> object, Map<String, Object> labels) {
        require(labels.keySet().equals(Set.of("pairs")), "labels are added to metadata only");
        Map<String, Object> metadata = map(object.get("metadata"));
        Map<String, Object> all = new LinkedHashMap<>(map(metadata.get("labels")));
        all.putAll(map(labels.get("pairs")));
        metadata.put("labels", all);
    }

    private static void setImage(Object node, Map<String, Object> image) {
        if (node instanceof List<?> list) {
            list.forEach(element -> setImage(element, image));
        } else if (node instanceof Map<?, ?>) {
            map(node).replaceAll((key, value) -> {
                if (key.equals("image") && value.equals(image.get("name"))) {
                    return image.get("newName") + "@" + image.get("digest");
                }
                setImage(value, image);
                return value;
            });
        }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalStateException(problem);
        }
    }
}
