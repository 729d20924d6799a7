"""Answers to the exercises of 17_other_frameworks."""

from pathlib import Path

import tensorflow as tf
import numpy as np
from PIL import Image


def as_float(images):
    return images.astype(np.float32) / 255


def by_moveaxis(images):
    return np.moveaxis(as_float(images), -1, 1)


def by_einsum(images):
    return np.ascontiguousarray(np.einsum("nhwc->nchw", as_float(images)))


def by_stacking(images):
    return np.stack([as_float(images)[..., channel] for channel in range(3)], axis=1)


class Photos:
    """Right as it is; what is wrong with the classes below is in what they change."""

    def __init__(self, directory):
        self.paths = self.files(Path(directory))
        self.class_names = self.names(Path(directory))

    def files(self, folder):
        return sorted(folder.glob("*/*"))

    def names(self, folder):
        return sorted(path.name for path in folder.iterdir())

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, number):
        return self.picture(self.paths[number]), self.label(self.paths[number])

    def picture(self, path):
        return np.array(Image.open(path).convert("RGB"))

    def label(self, path):
        return self.class_names.index(path.parent.name)


class InAnyOrder(Photos):
    def files(self, folder):
        return sorted(folder.rglob("*.png"), key=lambda path: path.name)


class ByTheLoader(Photos):
    def files(self, folder):
        dataset = tf.keras.utils.image_dataset_from_directory(folder, shuffle=False, verbose=False)
        return [Path(path) for path in dataset.file_paths]


class FoldersWithPhotos(Photos):
    def names(self, folder):
        return sorted({path.parent.name for path in self.paths})


class NumbersOfNumPy(Photos):
    def label(self, path):
        return np.int32(super().label(path))


class Unsorted(Photos):
    def names(self, folder):
        return ["bee", "ant", "cow", "elk"]


class OneClass(Photos):
    def files(self, folder):
        return sorted(folder.glob("ant/*"))


class AllClasses(Photos):
    def __len__(self):
        return len(self.class_names)


class OneForAll(Photos):
    def __getitem__(self, number):
        return super().__getitem__(0)


class Names(Photos):
    def label(self, path):
        return path.parent.name


class Vectors(Photos):
    def label(self, path):
        return np.eye(4)[super().label(path)]


class Pictures(Photos):
    def __getitem__(self, number):
        return self.picture(self.paths[number])


class AsTheyAre(Photos):
    def picture(self, path):
        return np.array(Image.open(path))


class Pillow(Photos):
    def picture(self, path):
        return Image.open(path).convert("RGB")


class Tensors(Photos):
    def picture(self, path):
        return tf.io.decode_image(tf.io.read_file(str(path)), 3)


class Floats(Photos):
    def picture(self, path):
        return super().picture(path) / 255


class Small(Photos):
    def picture(self, path):
        return np.array(Image.open(path).convert("RGB").resize((4, 4)))


class Paths(Photos):
    def picture(self, path):
        return str(path)


class NoFolder(Photos):
    def files(self, folder):
        return sorted(folder.glob("photos/*/*"))


class WithoutLength:
    def __init__(self, directory):
        self.paths = sorted(Path(directory).glob("*/*"))


WRONG = {
    "check_for_torch": [
        (lambda images: as_float(images).reshape(-1, 3, *images.shape[1:3]), "the photos are garbled"),
        (lambda images: as_float(images).transpose(0, 3, 2, 1), "Height and width are swapped"),
        (lambda images: as_float(images).T, "The shape is (3, 9, 6, 4)"),
        (as_float, "The channels are still last"),
        (lambda images: images.transpose(0, 3, 1, 2), "but the values still go up to 255"),
        (lambda images: by_moveaxis(images).astype(np.float64), "This should be float32; it is float64"),
        (lambda images: by_moveaxis(images) * 2 - 1, "the values are between -1 and 1"),
        (lambda images: by_moveaxis(images)[:, ::-1], "red and blue are swapped"),
        (lambda images: by_moveaxis(images) ** 2, "The shape is right, but the values are not"),
        (lambda images: list(by_moveaxis(images)), "This should be an array; it is a list"),
        (lambda images: tf.transpose(images, (0, 3, 1, 2)), "This is still a tensor"),
        (lambda images: np.divide(images, 255, out=images).transpose(0, 3, 1, 2), "Your function changes the"),
    ],
    "check_labelled_photos": [
        (Unsorted, "by sorted names it should be 0"),
        (OneClass, "The folder has 6 photos, but the length is 3"),
        (NoFolder, "the length is 0"),
        (AllClasses, "the length is 4"),
        (OneForAll, "One photo appears twice"),
        (FoldersWithPhotos, "elk/0.png has the class 2. It should be 3: cow has no photos"),
        (NumbersOfNumPy, "it is an int32 from NumPy"),
        (Names, "it is the name 'ant'"),
        (Vectors, "should be a whole number; it is an ndarray"),
        (Pictures, "This should be a pair"),
        (AsTheyAre, "convert('RGB')"),
        (Pillow, "This is a Pillow picture"),
        (Tensors, "The picture is a TensorFlow tensor"),
        (Floats, "The picture should be uint8; it is float64"),
        (Small, "match none of the files"),
        (Paths, "The first part should be an array; it is a str"),
        (WithoutLength, "This should be an object with __len__ and __getitem__"),
        (lambda directory: sorted(Path(directory).glob("*/*")), "This should be a pair"),
    ],
}
RIGHT = {
    "check_for_torch": [by_moveaxis, by_einsum, by_stacking],
    "check_labelled_photos": [
        Photos,
        InAnyOrder,
        ByTheLoader,
        lambda directory: [Photos(directory)[number] for number in range(len(Photos(directory)))],
    ],
}
