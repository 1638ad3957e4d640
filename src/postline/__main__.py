from postline.cli import main

main()
