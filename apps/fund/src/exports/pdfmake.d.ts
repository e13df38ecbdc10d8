/** What is used of pdfmake, which carries no types; those of DefinitelyTyped would bring the types of a browser. */
declare module 'pdfmake' {
  namespace pdfmake {
    type Margin = readonly [left: number, top: number, right: number, bottom: number];

    interface Text {
      readonly text: string;
      readonly bold?: boolean;
      readonly fontSize?: number;
      readonly margin?: Margin;
      readonly alignment?: 'center';
      readonly wordBreak?: 'break-all';
    }

    interface Table {
      readonly table: {
        readonly headerRows: number;
        readonly widths: readonly 'auto'[];
        readonly body: readonly (readonly Text[])[];
      };
      readonly layout: 'lightHorizontalLines';
      readonly margin: Margin;
    }

    type Content = Text | Table;

    interface FontFiles {
      readonly normal: string;
      readonly bold: string;
      readonly italics: string;
      readonly bolditalics: string;
    }

    interface Document {
      readonly info: { readonly title: string; readonly creationDate: Date };
      readonly content: readonly Content[];
      readonly defaultStyle: { readonly font: string; readonly fontSize: number };
      readonly footer: (page: number, of: number) => Text;
    }
  }

  const pdfmake: {
    setFonts(fonts: Readonly<Record<string, pdfmake.FontFiles>>): void;
    /** Whether it may load from the address. */
    setUrlAccessPolicy(mayLoad: (url: string) => boolean): void;
    /** Whether it may read the file. */
    setLocalAccessPolicy(mayRead: (file: string) => boolean): void;
    createPdf(document: pdfmake.Document): { getBuffer(): Promise<Buffer> };
  };
  export = pdfmake;
}
