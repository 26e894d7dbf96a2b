#!/bin/sh
# On the server, as root, in a copy of this repository, after TLJH itself is installed.
# Puts the package into the students' environment and the notebooks into every new home.
set -eu
cd "$(dirname "$0")/../.."
pip=/opt/tljh/user/bin/pip
grep -v '^ \|^#' requirements.txt | sed 's/ *\\$//' >/tmp/course-pins.txt
"$pip" install --constraint /tmp/course-pins.txt .
mkdir -p /etc/skel/course/exercises
cp book/*.ipynb /etc/skel/course/
cp book/exercises/*.ipynb /etc/skel/course/exercises/
cp deploy/tljh/config.yaml /opt/tljh/config/config.yaml
mkdir -p /opt/tljh/config/jupyterhub_config.d
cp deploy/tljh/course.py /opt/tljh/config/jupyterhub_config.d/course.py
tljh-config reload
echo "Done. Log in as the teacher named in config.yaml, and add the students on the admin page."
