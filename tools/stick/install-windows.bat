@echo off
rem Finds a Python that the course runs on, and starts install.py with it.
cd /d %~dp0
for %%v in (3.13 3.12 3.11) do (
  if exist wheels\windows-%%v.txt (
    py -%%v -c "0" >nul 2>nul && py -%%v install.py %* && goto end
  )
)
echo No Python found that this stick has wheels for: see README.txt, and python.org.
:end
pause
